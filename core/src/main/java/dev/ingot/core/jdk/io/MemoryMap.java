package dev.ingot.core.jdk.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A range of this process's memory.
 *
 * @param start the first address
 * @param end the address after the last
 * @param permissions four letters, as the kernel lists them
 * @param offset where in the file {@code start} lies
 * @param path the file that is mapped; another text, such as an empty one, where none is
 */
public record MemoryMap(long start, long end, String permissions, long offset, String path) {
    private static final Path MAPS = Path.of("/proc/self/maps");
    private static final int COLUMNS = 6;

    /** Every range that is in use, by ascending address. */
    public static List<MemoryMap> all() throws IOException {
        List<MemoryMap> all = new ArrayList<>();
        for (String line : Files.readAllLines(MAPS)) {
            all.add(parse(line));
        }
        return all;
    }

    /** The first mapping that the kernel lists with {@code path}, or null if there is none. */
    static @Nullable MemoryMap of(String path) throws IOException {
        for (MemoryMap map : all()) {
            if (map.path.equals(path)) {
                return map;
            }
        }
        return null;
    }

    /** Whether {@code address} lies in it. */
    public boolean holds(long address) {
        return Long.compareUnsigned(start, address) <= 0 && Long.compareUnsigned(address, end) < 0;
    }

    /** Whether it maps a file. */
    public boolean isOfFile() {
        return path.startsWith("/");
    }

    /** The addresses, as the kernel names the mapping. */
    String range() {
        return Long.toHexString(start) + '-' + Long.toHexString(end);
    }

    /** Whether this process can write to the file through a mapping. */
    static boolean isSharedWritable(String path) throws IOException {
        for (MemoryMap map : all()) {
            if (map.path.equals(path) && map.isShared() && map.isWritable()) {
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

    private static MemoryMap parse(String line) {
        String[] columns = line.split(" +", COLUMNS);
        int dash = columns[0].indexOf('-');
        return new MemoryMap(
                Long.parseUnsignedLong(columns[0].substring(0, dash), 16),
                Long.parseUnsignedLong(columns[0].substring(dash + 1), 16),
                columns[1],
                Long.parseUnsignedLong(columns[2], 16),
                columns.length < COLUMNS ? "" : columns[5].replace("\\012", "\n"));
    }
}
