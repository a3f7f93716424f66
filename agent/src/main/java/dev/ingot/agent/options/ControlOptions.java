package dev.ingot.agent.options;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How the program is reached from outside.
 *
 * @param enabled whether there is a control socket
 * @param directory absolute directory of the socket, or {@code null} for its usual place
 */
public record ControlOptions(boolean enabled, @Nullable Path directory) {

    static ControlOptions read(OptionReader reader) {
        if (reader.is(OptionKey.CONTROL, "on")) {
            return new ControlOptions(true, null);
        }
        if (reader.isOff(OptionKey.CONTROL)) {
            return new ControlOptions(false, null);
        }
        return new ControlOptions(true, reader.path(OptionKey.CONTROL));
    }
}
