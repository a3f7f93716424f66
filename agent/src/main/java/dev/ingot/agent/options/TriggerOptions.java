package dev.ingot.agent.options;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When checkpoints happen by themselves.
 *
 * @param every the period of checkpoints, or {@code null} for none
 * @param onSigterm what SIGTERM does
 * @param torture the period of captures and rebuilds in place, or {@code null} for none
 */
public record TriggerOptions(
        @Nullable Duration every,
        SigtermAction onSigterm,
        @Nullable Duration torture) {

    static TriggerOptions read(OptionReader reader) {
        return new TriggerOptions(
                reader.optionalDuration(OptionKey.EVERY),
                reader.choice(OptionKey.ON_SIGTERM, SigtermAction.values()),
                reader.optionalDuration(OptionKey.TORTURE));
    }
}
