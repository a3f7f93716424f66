package dev.ingot.agent.observe;

import dev.ingot.runtime.Pin;
import java.util.List;

/** Parts of log messages. */
final class Lines {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private Lines() {}

    static long millis(long nanos) {
        return nanos / NANOS_PER_MILLI;
    }

    /** Each pin on a line of its own below the message. */
    static String of(List<Pin> pins) {
        var lines = new StringBuilder();
        for (Pin pin : pins) {
            lines.append(System.lineSeparator()).append("  ").append(pin);
        }
        return lines.toString();
    }
}
