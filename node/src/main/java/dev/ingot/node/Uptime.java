package dev.ingot.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The machine's clock that never jumps, which this process and the guards of workloads read alike. */
final class Uptime {
    private static final Path CLOCK = Path.of("/proc/uptime");
    private static final int MILLIS_PER_HUNDREDTH = 10;

    private Uptime() {}

    /** Hundredths of a second since some instant. */
    static long now() throws IOException {
        String text = Files.readString(CLOCK);
        return Long.parseLong(text.substring(0, text.indexOf(' ')).replace(".", ""));
    }

    static long hundredths(Duration duration) {
        return duration.toMillis() / MILLIS_PER_HUNDREDTH;
    }
}
