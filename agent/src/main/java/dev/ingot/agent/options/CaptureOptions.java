package dev.ingot.agent.options;

import java.time.Duration;

/**
 * How a checkpoint is taken.
 *
 * @param deadline how long to wait for threads that cannot be captured where they are
 * @param files what a resume does about changed files
 * @param nativeLibraries whether loaded native libraries refuse a checkpoint
 * @param hooks whether hooks of the program run
 * @param secrets the names of system properties that are no part of images
 */
public record CaptureOptions(
        Duration deadline, FilePolicy files, NativePolicy nativeLibraries, boolean hooks, NamePatterns secrets) {

    static CaptureOptions read(OptionReader reader) {
        return new CaptureOptions(
                reader.duration(OptionKey.DEADLINE),
                reader.choice(OptionKey.FILES, FilePolicy.values()),
                reader.choice(OptionKey.NATIVE, NativePolicy.values()),
                reader.toggle(OptionKey.HOOKS),
                reader.propertyPatterns(OptionKey.SECRETS));
    }
}
