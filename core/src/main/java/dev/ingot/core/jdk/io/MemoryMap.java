package dev.ingot.core.jdk.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A range of this process's memory that maps a file.
 *
 * @param start the first address
 * @param end the address after the last
 * @param permissions four letters, as the kernel lists them
 * @param offset where in the file {@code start} lies
 * @param path the file
 */
record MemoryMap(long start, long end, String permissions, long offset, String path) {
    private static final Path MAPS = Path.of("/proc/self/maps");
    private static final int COLUMNS = 6;

    /** The mapping that holds {@code address}, or null if none of a file does. */
    static @Nullable MemoryMap at(long address) throws IOException {
        for (String line : Files.readAllLines(MAPS)) {
            MemoryMap map = parse(line);
            if (map != null && map.start <= address && address < map.end) {
                return map;
            }
        }
        return null;
    }

    /** Whether this process can write to the file through a mapping. */
    static boolean isSharedWritable(String path) throws IOException {
        for (String line : Files.readAllLines(MAPS)) {
            MemoryMap map = parse(line);
            if (map != null && map.path.equals(path) && map.isShared() && map.isWritable()) {
                return true;
            }
        }
        return false;
    }

    boolean isShared() {
        return permissions.charAt(3) == 's';
    }

    boolean isWritable() {
        return permissions.charAt(1) == 'w';
    }

    private static @Nullable MemoryMap parse(String line) {
        String[] columns = line.split(" +", COLUMNS);
        if (columns.length < COLUMNS || !columns[5].startsWith("/")) {
            return null;
        }
        int dash = columns[0].indexOf('-');
        return new MemoryMap(
                Long.parseUnsignedLong(columns[0].substring(0, dash), 16),
                Long.parseUnsignedLong(columns[0].substring(dash + 1), 16),
                columns[1],
                Long.parseUnsignedLong(columns[2], 16),
                columns[5].replace("\\012", "\n"));
    }
}
