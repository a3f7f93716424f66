package dev.ingot.agent.options;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to resume.
 *
 * @param source how the image is chosen
 * @param image absolute path of the image, or of the file that will name it; present exactly where the source is
 *     {@link ResumeSource#IMAGE} or {@link ResumeSource#AWAITED}
 * @param devices by which accelerator another one is replaced; either is a device's name, its provider's or a kind
 * @param determinism the weakest promise about results that another accelerator may leave; empty if none may be weakened
 */
public record ResumeOptions(
        ResumeSource source, @Nullable Path image, Map<String, String> devices, String determinism) {

    public ResumeOptions {
        devices = Map.copyOf(devices);
        boolean named = source == ResumeSource.IMAGE || source == ResumeSource.AWAITED;
        if (named != (image != null)) {
            throw new IllegalArgumentException("resume source " + source + " cannot have image " + image);
        }
    }

    static ResumeOptions read(OptionReader reader) {
        Map<String, String> devices = reader.replacements(OptionKey.DEVICES);
        String determinism = reader.word(OptionKey.DETERMINISM);
        if (reader.isOff(OptionKey.RESUME)) {
            return new ResumeOptions(ResumeSource.NONE, null, devices, determinism);
        }
        if (reader.is(OptionKey.RESUME, "auto")) {
            return new ResumeOptions(ResumeSource.NEWEST, null, devices, determinism);
        }
        Path awaited = reader.pathBehind(OptionKey.RESUME, "await:");
        if (awaited != null) {
            return new ResumeOptions(ResumeSource.AWAITED, awaited, devices, determinism);
        }
        return new ResumeOptions(ResumeSource.IMAGE, reader.path(OptionKey.RESUME), devices, determinism);
    }
}
