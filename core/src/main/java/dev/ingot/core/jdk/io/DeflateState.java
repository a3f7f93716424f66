package dev.ingot.core.jdk.io;

import java.util.zip.Deflater;

/**
 * The state of a compression in progress, read from and written to zlib's own memory, in the way of {@code deflateCopy}.
 *
 * <p>Overview. A {@code deflate_state} holds numbers and trees in itself and four buffers beside it: the window of input, two
 * hash tables over it, and the output not yet taken. Since the JDK always asks for the same window and memory level, a fresh
 * stream has buffers of the same sizes; only their contents, and how far the output was taken, need to be carried. The layout is
 * that of zlib 1.2.12 to 1.3.1; releases before 1.2.12 differ in one buffer and are told apart. As in {@link InflateState},
 * everything is checked against a fresh stream first.
 */
final class DeflateState {
    private static final int BACK_POINTER = 0;
    private static final int STATUS = 8;
    private static final int PENDING_BUFFER = 16;
    private static final int PENDING_SIZE = 24;
    private static final int PENDING_OUT = 32;
    private static final int PENDING = 40;
    private static final int WRAP = 48;
    private static final int GZIP_HEADER = 56;
    private static final int WINDOW_LENGTH = 80;
    private static final int WINDOW = 96;
    private static final int PREVIOUS = 112;
    private static final int HEAD = 120;
    private static final int HASH_LENGTH = 132;
    private static final int NEXT_INPUT = 172;
    private static final int LOOKAHEAD = 180;
    private static final int LITERAL_TREE = 212;
    private static final int DISTANCE_TREE = 2504;
    private static final int LENGTH_TREE = 2748;
    private static final int LITERAL_DESCRIPTION = 2904;
    private static final int DISTANCE_DESCRIPTION = 2928;
    private static final int LENGTH_DESCRIPTION = 2952;
    private static final int STATIC_TREE = 16;
    private static final int SYMBOLS = 5888;
    private static final int SYMBOLS_LENGTH = 5896;
    private static final int SYMBOLS_END = 5904;
    private static final int SIZE = 5952;

    private static final int WINDOW_BYTES = 1 << 15;
    private static final int HASH_ENTRIES = 1 << 15;
    private static final int LITERALS = 1 << 14;
    private static final int PENDING_BYTES = LITERALS * 4;
    private static final int FRESH = 42;

    /** The pointers, which keep the values of the stream that is restored into. */
    private static final int[] POINTERS = {
        BACK_POINTER,
        PENDING_BUFFER,
        GZIP_HEADER,
        WINDOW,
        PREVIOUS,
        HEAD,
        LITERAL_DESCRIPTION,
        LITERAL_DESCRIPTION + STATIC_TREE,
        DISTANCE_DESCRIPTION,
        DISTANCE_DESCRIPTION + STATIC_TREE,
        LENGTH_DESCRIPTION,
        LENGTH_DESCRIPTION + STATIC_TREE,
        SYMBOLS
    };

    private DeflateState() {}

    /** Whether the zlib of this JVM keeps its state as described above. */
    static boolean isKnown() {
        return Proof.KNOWN;
    }

    /** Whether the stream makes data without a zlib header. */
    static boolean isRaw(long address) {
        return ZlibStream.state(address).getInt(WRAP) == 0;
    }

    /** Whether nothing went into the stream yet, so that a fresh one is as good. */
    static boolean isBlank(long address) {
        NativeStruct state = ZlibStream.state(address);
        long[] counters = ZlibStream.counters(address);
        return state.getInt(NEXT_INPUT) == 0
                && state.getInt(LOOKAHEAD) == 0
                && state.getLong(PENDING) == 0
                && counters[0] == 0
                && counters[1] == 0;
    }

    static boolean looksValid(long address) {
        NativeStruct state = ZlibStream.state(address);
        return state.getLong(BACK_POINTER) == address
                && state.getInt(HASH_LENGTH) == HASH_ENTRIES
                && state.getLong(PENDING_SIZE) == PENDING_BYTES
                && state.getLong(PENDING) <= PENDING_BYTES;
    }

    static Object[] capture(long address) {
        NativeStruct state = ZlibStream.state(address);
        return new Object[] {
            ZlibStream.counters(address),
            state.bytes(0, SIZE),
            state.getLong(PENDING_OUT) - state.getLong(PENDING_BUFFER),
            NativeStruct.bytesAt(state.getLong(WINDOW), WINDOW_BYTES * 2),
            NativeStruct.bytesAt(state.getLong(PREVIOUS), WINDOW_BYTES * Short.BYTES),
            NativeStruct.bytesAt(state.getLong(HEAD), HASH_ENTRIES * Short.BYTES),
            NativeStruct.bytesAt(state.getLong(PENDING_BUFFER), PENDING_BYTES)
        };
    }

    /** Puts the captured state into a fresh stream. */
    static void restore(long address, Object captured) {
        Object[] parts = (Object[]) captured;
        long taken = (Long) parts[2];
        if (taken < 0 || taken > PENDING_BYTES) {
            throw new IllegalArgumentException("output cannot have been taken up to " + taken + " of " + PENDING_BYTES);
        }
        NativeStruct state = ZlibStream.state(address);
        long[] pointers = new long[POINTERS.length];
        for (int i = 0; i < pointers.length; i++) {
            pointers[i] = state.getLong(POINTERS[i]);
        }
        state.putBytes(0, (byte[]) parts[1], SIZE);
        for (int i = 0; i < pointers.length; i++) {
            state.putLong(POINTERS[i], pointers[i]);
        }
        state.putLong(PENDING_OUT, state.getLong(PENDING_BUFFER) + taken);
        NativeStruct.putBytesAt(state.getLong(WINDOW), (byte[]) parts[3], WINDOW_BYTES * 2);
        NativeStruct.putBytesAt(state.getLong(PREVIOUS), (byte[]) parts[4], WINDOW_BYTES * Short.BYTES);
        NativeStruct.putBytesAt(state.getLong(HEAD), (byte[]) parts[5], HASH_ENTRIES * Short.BYTES);
        NativeStruct.putBytesAt(state.getLong(PENDING_BUFFER), (byte[]) parts[6], PENDING_BYTES);
        ZlibStream.setCounters(address, (long[]) parts[0]);
    }

    /** What is learnt from a fresh stream. */
    private static final class Proof {
        static final boolean KNOWN = isKnown();

        private static boolean isKnown() {
            Deflater probe = new Deflater();
            try {
                long address = ZlibObjects.address(probe);
                return ZlibStream.isKnownMachine() && isFresh(address);
            } finally {
                probe.end();
            }
        }

        private static boolean isFresh(long address) {
            NativeStruct state = ZlibStream.state(address);
            long start = state.address();
            return state.getLong(BACK_POINTER) == address
                    && state.getInt(STATUS) == FRESH
                    && state.getInt(WINDOW_LENGTH) == WINDOW_BYTES
                    && state.getInt(HASH_LENGTH) == HASH_ENTRIES
                    && state.getLong(PENDING_SIZE) == PENDING_BYTES
                    && state.getLong(PENDING_OUT) == state.getLong(PENDING_BUFFER)
                    && state.getLong(LITERAL_DESCRIPTION) == start + LITERAL_TREE
                    && state.getLong(DISTANCE_DESCRIPTION) == start + DISTANCE_TREE
                    && state.getLong(LENGTH_DESCRIPTION) == start + LENGTH_TREE
                    && state.getLong(SYMBOLS) == state.getLong(PENDING_BUFFER) + LITERALS
                    && state.getInt(SYMBOLS_LENGTH) == LITERALS
                    && state.getInt(SYMBOLS_END) == (LITERALS - 1) * 3;
        }
    }
}
