package dev.ingot.core.jdk.io;

import java.util.ArrayList;
import java.util.List;
import jdk.internal.misc.Unsafe;

/** ELF files of the 64-bit format as they lie in memory. */
final class Elf {
    /** The kind of a segment that is loaded into memory. */
    static final int LOADED = 1;
    /** The kind of the segment that says where symbols and their names are. */
    static final int DYNAMIC = 2;

    private static final Unsafe UNSAFE = Unsafe.getUnsafe();
    /** The first four bytes, as a little-endian number. */
    private static final int MAGIC = 0x464C457F;

    private static final int HEADERS = 32;
    private static final int HEADER_SIZE = 54;
    private static final int HEADER_COUNT = 56;
    private static final int OFFSET = 8;
    private static final int ADDRESS = 16;
    private static final int SIZE = 40;

    private Elf() {}

    /**
     * A part of the file.
     *
     * @param kind one of those above, or another
     * @param offset where in the file it begins
     * @param address where in memory it begins, as the linker thought
     * @param size its bytes in memory
     */
    record Segment(int kind, long offset, long address, long size) {}

    /** Whether a file is mapped from {@code start}, which can be read. */
    static boolean isAt(long start) {
        return UNSAFE.getInt(start) == MAGIC;
    }

    /** Whether a file of {@code content} is mapped at {@code map}, as far as that shows. The first range of a library is never written. */
    static boolean beginsWith(byte[] content, MemoryMap map) {
        long size = Math.min(content.length, map.end() - map.start());
        if (!isAt(map.start())) {
            return false;
        }
        for (long at = 0; at < size; at++) {
            if (UNSAFE.getByte(map.start() + at) != content[(int) at]) {
                return false;
            }
        }
        return true;
    }

    /** The segments of the file that is mapped from {@code start}. */
    static List<Segment> segments(long start) {
        long headers = start + UNSAFE.getLong(start + HEADERS);
        int size = UNSAFE.getShort(start + HEADER_SIZE) & 0xFFFF;
        int count = UNSAFE.getShort(start + HEADER_COUNT) & 0xFFFF;
        List<Segment> segments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long header = headers + (long) i * size;
            segments.add(new Segment(
                    UNSAFE.getInt(header),
                    UNSAFE.getLong(header + OFFSET),
                    UNSAFE.getLong(header + ADDRESS),
                    UNSAFE.getLong(header + SIZE)));
        }
        return segments;
    }

    /** How much memory a library takes from its beginning on, with variables that begin as zero and are in no file. */
    static long sizeInMemory(long start) {
        long size = 0;
        for (Segment segment : segments(start)) {
            if (segment.kind() == LOADED) {
                size = Math.max(size, segment.address() + segment.size());
            }
        }
        return size;
    }
}
