package dev.ingot.accelerator.share;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where programs and device hosts share memory: a file system in memory where there is one. */
public final class SharedSpace {
    private static final Path IN_MEMORY = Path.of("/dev/shm");
    private static final Path MACHINE = Path.of("/proc/meminfo");

    /** The part of the machine's memory that is left to everything else. */
    private static final int RESERVED_PART = 32;

    private SharedSpace() {}

    /** A directory in it. */
    public static Path root() {
        return isInMemory() ? IN_MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
    }

    private static boolean isInMemory() {
        return Files.isDirectory(IN_MEMORY) && Files.isWritable(IN_MEMORY);
    }

    /** How many bytes can be written to it at present. What is more would be refused, or have the system end some process. */
    public static long free() throws IOException {
        long room = Files.getFileStore(root()).getUsableSpace();
        if (!isInMemory()) {
            return room;
        }
        long memory = Math.min(memory("MemAvailable:"), new ControlGroups().free());
        return Math.min(room, memory - total() / RESERVED_PART);
    }

    /** How many bytes all that is in it may have, whatever else the machine does. */
    static long capacity() throws IOException {
        long room = Files.getFileStore(root()).getTotalSpace();
        if (!isInMemory()) {
            return room;
        }
        return Math.min(room, total() - total() / RESERVED_PART);
    }

    /** What there is, used or not. */
    private static long total() throws IOException {
        return Math.min(memory("MemTotal:"), new ControlGroups().limit());
    }

    /** A number of the machine's memory, in bytes; without end where the system does not tell. */
    private static long memory(String name) throws IOException {
        if (Files.isReadable(MACHINE)) {
            for (String line : Files.readAllLines(MACHINE)) {
                if (line.startsWith(name)) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
                }
            }
        }
        return Long.MAX_VALUE;
    }
}
