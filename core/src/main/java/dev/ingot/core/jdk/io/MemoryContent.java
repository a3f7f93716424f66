package dev.ingot.core.jdk.io;

import dev.ingot.core.jvm.Memory;
import org.jspecify.annotations.Nullable;

/** Bytes outside the heap as an image carries them: in pieces, those that are all zero left out. */
public final class MemoryContent {
    private static final int PIECE = 1 << 20;

    private MemoryContent() {}

    /** The bytes from {@code address} on. */
    public static Object[] read(long address, long length) {
        @Nullable Object[] pieces = new @Nullable Object[(int) ((length + PIECE - 1) / PIECE)];
        for (int i = 0; i < pieces.length; i++) {
            long start = (long) i * PIECE;
            int size = (int) Math.min(PIECE, length - start);
            if (!isZero(address + start, size)) {
                pieces[i] = copy(address + start, size);
            }
        }
        return pieces;
    }

    /** Writes the pieces to memory that is zero; only what differs is touched, so that shared pages stay shared. */
    public static void write(long address, long length, Object pieces) {
        Object[] parts = (Object[]) pieces;
        for (int i = 0; i < parts.length; i++) {
            long start = (long) i * PIECE;
            int size = (int) Math.min(PIECE, length - start);
            byte[] piece = parts[i] == null ? new byte[size] : (byte[]) parts[i];
            if (piece.length != size) {
                throw new IllegalArgumentException(
                        "piece " + i + " of the memory of a buffer has " + piece.length + " bytes, expected " + size);
            }
            if (!java.util.Arrays.equals(piece, copy(address + start, size))) {
                Memory.UNSAFE.copyMemory(piece, Memory.BYTE_BASE, null, address + start, size);
            }
        }
    }

    private static byte[] copy(long address, int size) {
        byte[] bytes = new byte[size];
        Memory.UNSAFE.copyMemory(null, address, bytes, Memory.BYTE_BASE, size);
        return bytes;
    }

    private static boolean isZero(long address, int size) {
        int i = 0;
        for (; i + Long.BYTES <= size; i += Long.BYTES) {
            if (Memory.UNSAFE.getLongUnaligned(null, address + i) != 0) {
                return false;
            }
        }
        for (; i < size; i++) {
            if (Memory.UNSAFE.getByte(address + i) != 0) {
                return false;
            }
        }
        return true;
    }
}
