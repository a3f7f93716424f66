package dev.ingot.core.heap;

import static dev.ingot.core.jvm.Memory.UNSAFE;

import java.security.SecureRandom;

/**
 * Tells whether bytes are what they were: 64 bits of a hash that multiplies 64 by 64 bits and folds the halves of the product, as
 * wyhash and rapidhash do. Its keys are drawn anew for each JVM, so that nobody can prepare two contents that look the same.
 */
final class Fingerprint {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final long A = RANDOM.nextLong();
    private static final long B = RANDOM.nextLong();
    private static final long C = RANDOM.nextLong();
    private static final long D = RANDOM.nextLong();

    private static final int BLOCK = 4 * Long.BYTES;

    private Fingerprint() {}

    /**
     * Of {@code bytes} bytes at {@code offset} of {@code array}, or at that address if it is null. Never 0.
     *
     * @param kind what else counts
     */
    static long of(Object array, long offset, long bytes, long kind) {
        long at = offset;
        long end = offset + bytes;
        long first = folded(kind ^ A, bytes ^ B);
        long second = first ^ C;
        while (end - at >= BLOCK) {
            first = folded(UNSAFE.getLongUnaligned(array, at) ^ A, UNSAFE.getLongUnaligned(array, at + 8) ^ first);
            second = folded(
                    UNSAFE.getLongUnaligned(array, at + 16) ^ B, UNSAFE.getLongUnaligned(array, at + 24) ^ second);
            at += BLOCK;
        }
        while (end - at >= Long.BYTES) {
            first = folded(UNSAFE.getLongUnaligned(array, at) ^ C, first ^ D);
            at += Long.BYTES;
        }
        long rest = 0;
        while (at < end) {
            rest = rest << Byte.SIZE | (UNSAFE.getByte(array, at) & 0xff);
            at++;
        }
        long print = folded(rest ^ first ^ D, second ^ A);
        return print == 0 ? 1 : print;
    }

    private static long folded(long left, long right) {
        return left * right ^ Math.multiplyHigh(left, right);
    }
}
