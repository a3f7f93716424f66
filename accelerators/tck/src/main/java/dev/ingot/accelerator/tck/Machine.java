package dev.ingot.accelerator.tck;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The machine that tests run on. */
final class Machine {
    private static final String AVAILABLE = "MemAvailable:";

    private Machine() {}

    /** How much memory programs can still have; 0 where that cannot be said. */
    static long freeBytes() {
        return bytes(Path.of("/proc/meminfo"), AVAILABLE);
    }

    /** What a file of the kernel says of a name, in bytes; 0 where it does not, or is not there. */
    static long bytes(Path file, String name) {
        try {
            List<String> lines = Files.isReadable(file) ? Files.readAllLines(file) : List.of();
            return lines.stream()
                    .filter(line -> line.startsWith(name))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                    .sum();
        } catch (IOException unreadable) {
            return 0;
        }
    }
}
