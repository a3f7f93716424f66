package dev.ingot.core.heap;

import static dev.ingot.core.jvm.Memory.BYTE_BASE;
import static dev.ingot.core.jvm.Memory.LITTLE_ENDIAN;
import static dev.ingot.core.jvm.Memory.UNSAFE;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Moves the primitive fields of objects of one class, as wide a piece at a time as neighbours allow; those whose type is a wider one here
 * one by one. Immutable.
 */
final class PrimitiveFields {
    /** Where this JVM has no such field. */
    static final long NOWHERE = -1;

    private static final int SIZE_BITS = 4;
    private static final int SIZE_MASK = (1 << SIZE_BITS) - 1;
    private static final long NO_MOVE = 0;

    private final long[] offsets;
    private final byte[] sizes;
    private final @Nullable Widening[] widenings;
    private final int bytes;

    /** Offset and size of each piece in one number; null if there is one that is more than copied. */
    private final long @Nullable [] moves;

    private final long first;
    private final long second;

    private PrimitiveFields(List<Piece> pieces) {
        offsets = new long[pieces.size()];
        sizes = new byte[pieces.size()];
        widenings = new Widening[pieces.size()];
        long[] moved = new long[pieces.size()];
        boolean areMoved = true;
        int total = 0;
        for (int piece = 0; piece < offsets.length; piece++) {
            moved[piece] = pieces.get(piece).move();
            areMoved &= pieces.get(piece).isPlain();
            offsets[piece] = pieces.get(piece).offset;
            sizes[piece] = (byte) pieces.get(piece).size;
            widenings[piece] = pieces.get(piece).widening;
            total += sizes[piece];
        }
        bytes = total;
        moves = areMoved ? moved : null;
        first = moves != null && moves.length > 0 ? moves[0] : NO_MOVE;
        second = moves != null && moves.length > 1 ? moves[1] : NO_MOVE;
    }

    /**
     * A field or several that lie together.
     *
     * @param offset where it lies here, or {@link #NOWHERE}
     * @param size its bytes in the image
     * @param widening what becomes of it, or null if it has the same type here
     */
    record Piece(long offset, int size, @Nullable Widening widening) {
        boolean isPlain() {
            return offset != NOWHERE && widening == null;
        }

        long move() {
            return offset << SIZE_BITS | size;
        }
    }

    /** Fields in the order of the image. */
    static PrimitiveFields of(List<Piece> fields) {
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
        if (moves == null) {
            copyOneByOne(from, start, object);
            return;
        }
        // Most classes have one or two, for which a loop that is unrolled would be the longer way.
        long position = BYTE_BASE + start;
        if (first != NO_MOVE) {
            position = copyIn(from, position, object, first);
            if (second != NO_MOVE) {
                position = copyIn(from, position, object, second);
                for (int move = 2; move < moves.length; move++) {
                    position = copyIn(from, position, object, moves[move]);
                }
            }
        }
    }

    /** Where the next piece is. */
    private static long copyIn(byte[] from, long position, Object object, long move) {
        int size = (int) move & SIZE_MASK;
        copyIn(from, position, object, move >>> SIZE_BITS, size);
        return position + size;
    }

    private static void copyIn(byte[] from, long position, Object object, long offset, int size) {
        switch (size) {
            case 8 -> UNSAFE.putLong(object, offset, ordered(UNSAFE.getLong(from, position)));
            case 4 -> UNSAFE.putInt(object, offset, ordered(UNSAFE.getInt(from, position)));
            case 2 -> UNSAFE.putShort(object, offset, ordered(UNSAFE.getShort(from, position)));
            default -> UNSAFE.putByte(object, offset, UNSAFE.getByte(from, position));
        }
    }

    private void copyOneByOne(byte[] from, int start, Object object) {
        long position = BYTE_BASE + start;
        for (int piece = 0; piece < offsets.length; piece++) {
            long offset = offsets[piece];
            Widening widening = widenings[piece];
            if (widening != null) {
                widening.copy(from, position, object, offset);
            } else if (offset != NOWHERE) {
                copyIn(from, position, object, offset, sizes[piece]);
            }
            position += sizes[piece];
        }
    }

    private static List<Piece> merged(List<Piece> fields) {
        List<Piece> pieces = new ArrayList<>();
        int next = 0;
        while (next < fields.size()) {
            Piece first = fields.get(next++);
            if (!first.isPlain()) {
                pieces.add(first);
                continue;
            }
            long end = first.offset + first.size;
            while (next < fields.size() && fields.get(next).isPlain() && fields.get(next).offset == end) {
                end += fields.get(next).size;
                next++;
            }
            split(first.offset, end, pieces);
        }
        return pieces;
    }

    private static void split(long start, long end, List<Piece> pieces) {
        long at = start;
        while (at < end) {
            long size = Math.min(Long.BYTES, Long.highestOneBit(end - at));
            pieces.add(new Piece(at, (int) size, null));
            at += size;
        }
    }

    static long ordered(long value) {
        return LITTLE_ENDIAN ? value : Long.reverseBytes(value);
    }

    static int ordered(int value) {
        return LITTLE_ENDIAN ? value : Integer.reverseBytes(value);
    }

    static short ordered(short value) {
        return LITTLE_ENDIAN ? value : Short.reverseBytes(value);
    }
}
