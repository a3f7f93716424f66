package dev.ingot.core.heap;

import static dev.ingot.core.jvm.Memory.BYTE_BASE;
import static dev.ingot.core.jvm.Memory.LITTLE_ENDIAN;
import static dev.ingot.core.jvm.Memory.UNSAFE;

import java.util.ArrayList;
import java.util.List;

/** Moves the primitive fields of objects of one class, as wide a piece at a time as neighbours allow. Immutable. */
final class PrimitiveFields {
    /** Where this JVM has no such field. */
    static final long NOWHERE = -1;

    private final long[] offsets;
    private final byte[] sizes;
    private final int bytes;

    private PrimitiveFields(List<long[]> pieces) {
        offsets = new long[pieces.size()];
        sizes = new byte[pieces.size()];
        int total = 0;
        for (int piece = 0; piece < offsets.length; piece++) {
            offsets[piece] = pieces.get(piece)[0];
            sizes[piece] = (byte) pieces.get(piece)[1];
            total += sizes[piece];
        }
        bytes = total;
    }

    /** Fields by offset (or {@link #NOWHERE}) and size, in the order of the image. */
    static PrimitiveFields of(List<long[]> fields) {
        return new PrimitiveFields(LITTLE_ENDIAN ? merged(fields) : fields);
    }

    int bytes() {
        return bytes;
    }

    void copyOut(Object object, byte[] to, int start) {
        long position = BYTE_BASE + start;
        for (int piece = 0; piece < offsets.length; piece++) {
            long offset = offsets[piece];
            switch (sizes[piece]) {
                case 8 -> UNSAFE.putLong(to, position, ordered(UNSAFE.getLong(object, offset)));
                case 4 -> UNSAFE.putInt(to, position, ordered(UNSAFE.getInt(object, offset)));
                case 2 -> UNSAFE.putShort(to, position, ordered(UNSAFE.getShort(object, offset)));
                default -> UNSAFE.putByte(to, position, UNSAFE.getByte(object, offset));
            }
            position += sizes[piece];
        }
    }

    void copyIn(byte[] from, int start, Object object) {
        long position = BYTE_BASE + start;
        for (int piece = 0; piece < offsets.length; piece++) {
            long offset = offsets[piece];
            if (offset != NOWHERE) {
                switch (sizes[piece]) {
                    case 8 -> UNSAFE.putLong(object, offset, ordered(UNSAFE.getLong(from, position)));
                    case 4 -> UNSAFE.putInt(object, offset, ordered(UNSAFE.getInt(from, position)));
                    case 2 -> UNSAFE.putShort(object, offset, ordered(UNSAFE.getShort(from, position)));
                    default -> UNSAFE.putByte(object, offset, UNSAFE.getByte(from, position));
                }
            }
            position += sizes[piece];
        }
    }

    private static List<long[]> merged(List<long[]> fields) {
        List<long[]> pieces = new ArrayList<>();
        int next = 0;
        while (next < fields.size()) {
            long start = fields.get(next)[0];
            long end = start + fields.get(next)[1];
            next++;
            while (start != NOWHERE && next < fields.size() && fields.get(next)[0] == end) {
                end += fields.get(next)[1];
                next++;
            }
            if (start == NOWHERE) {
                pieces.add(fields.get(next - 1));
            } else {
                split(start, end, pieces);
            }
        }
        return pieces;
    }

    private static void split(long start, long end, List<long[]> pieces) {
        long at = start;
        while (at < end) {
            long size = Math.min(Long.BYTES, Long.highestOneBit(end - at));
            pieces.add(new long[] {at, size});
            at += size;
        }
    }

    private static long ordered(long value) {
        return LITTLE_ENDIAN ? value : Long.reverseBytes(value);
    }

    private static int ordered(int value) {
        return LITTLE_ENDIAN ? value : Integer.reverseBytes(value);
    }

    private static short ordered(short value) {
        return LITTLE_ENDIAN ? value : Short.reverseBytes(value);
    }
}
