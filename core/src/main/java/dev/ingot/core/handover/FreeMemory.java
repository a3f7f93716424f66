package dev.ingot.core.handover;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much memory a process can still get. */
public final class FreeMemory {
    private static final String AVAILABLE = "MemAvailable:";
    private static final long UNKNOWN = 256L << 20;

    private FreeMemory() {}

    /** What the machine has left, or what the limit on this process's group leaves, whichever is less. A guess if neither is told. */
    public static long bytes() {
        return bytes(Path.of("/"));
    }

    static long bytes(Path root) {
        long machine = ofMachine(root.resolve("proc/meminfo"));
        Path group = root.resolve("sys/fs/cgroup");
        long left = left(group.resolve("memory.max"), group.resolve("memory.current"));
        Path older = group.resolve("memory");
        long olderLeft = left(older.resolve("memory.limit_in_bytes"), older.resolve("memory.usage_in_bytes"));
        return Math.min(machine, Math.min(left, olderLeft));
    }

    private static long ofMachine(Path meminfo) {
        try {
            for (String line : Files.readAllLines(meminfo, StandardCharsets.US_ASCII)) {
                if (line.startsWith(AVAILABLE)) {
                    String amount = line.substring(AVAILABLE.length()).strip();
                    return Long.parseLong(amount.substring(0, amount.indexOf(' '))) << 10;
                }
            }
            return UNKNOWN;
        } catch (IOException | RuntimeException notToldHere) {
            return UNKNOWN;
        }
    }

    private static long left(Path limit, Path used) {
        try {
            return Math.max(0, number(limit) - number(used));
        } catch (IOException | NumberFormatException unlimited) {
            return Long.MAX_VALUE;
        }
    }

    private static long number(Path file) throws IOException {
        return Long.parseLong(Files.readString(file, StandardCharsets.US_ASCII).strip());
    }
}
