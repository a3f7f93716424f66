package dev.ingot.core.jdk.io;

import java.io.IOException;
import java.util.zip.Inflater;

/**
 * The state of a decompression in progress, read from and written to zlib's own memory.
 *
 * <p>Overview. zlib gives no way to save a stream, but its {@code inflate_state} is the same structure in all releases from
 * 1.2.11 to 1.3.1, the only ones that JDKs since 17 are built with: numbers, tables, a window of the last 32 KiB of output, and
 * five pointers. The pointers lead into the structure itself, to the window, or to the two constant tables for fixed codes, so
 * they can be carried as what they lead to. Everything read here is checked against a fresh stream first; a zlib that is laid out
 * otherwise is {@linkplain #isKnown() not known}, and then only streams not begun can be carried.
 */
final class InflateState {
    private static final int BACK_POINTER = 0;
    private static final int MODE = 8;
    private static final int WRAP = 16;
    private static final int GZIP_HEADER = 48;
    private static final int HAS_DICTIONARY = 20;
    private static final int WINDOW_SIZE = 60;
    private static final int WINDOW_USED = 64;
    private static final int WINDOW = 72;
    private static final int LENGTH_CODES = 104;
    private static final int DISTANCE_CODES = 112;
    private static final int NEXT_CODE = 144;
    private static final int CODES = 1368;
    private static final int CODES_LENGTH = 1444 * Integer.BYTES;
    private static final int SANE = 7144;
    private static final int SIZE = 7160;

    private static final int FIRST_MODE = 16180;
    private static final int LAST_MODE = 16211;
    private static final int FULL_WINDOW = 1 << 15;

    /** Where a code pointer that does not lead into the structure leads to. */
    private static final long NO_CODES = -1;

    private static final long FIXED_CODES = -2;

    private static final JdkCall SET_DICTIONARY =
            JdkCall.of(Inflater.class, "setDictionary", long.class, byte[].class, int.class, int.class);
    /** A raw stream of one empty block in fixed codes. */
    private static final byte[] EMPTY_FIXED_BLOCK = {3, 0};

    private InflateState() {}

    /** Whether the zlib of this JVM keeps its state as described above. */
    static boolean isKnown() {
        return Proof.KNOWN;
    }

    /** Whether the stream was made for data without a zlib header. */
    static boolean isRaw(long address) {
        return ZlibStream.state(address).getInt(WRAP) == 0;
    }

    /** Whether nothing went into the stream yet, so that a fresh one is as good. */
    static boolean isBlank(long address) {
        NativeStruct state = ZlibStream.state(address);
        return state.getInt(MODE) == FIRST_MODE
                && state.getInt(HAS_DICTIONARY) == 0
                && state.getInt(WINDOW_USED) == 0
                && ZlibStream.counters(address)[0] == 0;
    }

    static boolean looksValid(long address) {
        NativeStruct state = ZlibStream.state(address);
        int mode = state.getInt(MODE);
        int window = state.getInt(WINDOW_SIZE);
        return state.getLong(BACK_POINTER) == address
                && mode >= FIRST_MODE
                && mode <= LAST_MODE
                && (window == 0 || window == FULL_WINDOW);
    }

    static Object[] capture(long address) {
        NativeStruct state = ZlibStream.state(address);
        boolean hasWindow = state.getLong(WINDOW) != 0 && state.getInt(WINDOW_SIZE) != 0;
        return new Object[] {
            ZlibStream.counters(address),
            state.bytes(0, SIZE),
            new long[] {target(state, LENGTH_CODES), target(state, DISTANCE_CODES), target(state, NEXT_CODE)},
            hasWindow ? NativeStruct.bytesAt(state.getLong(WINDOW), FULL_WINDOW) : new byte[0]
        };
    }

    private static long target(NativeStruct state, int pointer) {
        long target = state.getLong(pointer);
        if (target == 0) {
            return NO_CODES;
        }
        long distance = target - (state.address() + CODES);
        return distance >= 0 && distance <= CODES_LENGTH ? distance : FIXED_CODES;
    }

    /** Puts the captured state into a fresh stream made for the same kind of data. */
    static void restore(long address, Object captured) throws IOException {
        Object[] parts = (Object[]) captured;
        byte[] window = (byte[]) parts[3];
        NativeStruct state = ZlibStream.state(address);
        int wrap = state.getInt(WRAP);
        int sane = state.getInt(SANE);
        if (window.length > 0) {
            allocateWindow(address, state);
        }
        long windowAddress = state.getLong(WINDOW);
        state.putBytes(0, (byte[]) parts[1], SIZE);
        state.putLong(BACK_POINTER, address);
        state.putInt(WRAP, wrap);
        state.putInt(SANE, sane);
        state.putLong(GZIP_HEADER, 0);
        state.putLong(WINDOW, windowAddress);
        if (window.length > 0) {
            NativeStruct.putBytesAt(windowAddress, window, FULL_WINDOW);
        }
        long[] targets = (long[]) parts[2];
        point(state, LENGTH_CODES, targets[0], Proof.FIXED_LENGTH_CODES);
        point(state, DISTANCE_CODES, targets[1], Proof.FIXED_DISTANCE_CODES);
        point(state, NEXT_CODE, targets[2], 0);
        ZlibStream.setCounters(address, (long[]) parts[0]);
    }

    /** A raw stream takes a dictionary at any time, and allocates the window for it. */
    private static void allocateWindow(long address, NativeStruct state) throws IOException {
        state.putInt(WRAP, 0);
        SET_DICTIONARY.call(null, address, new byte[1], 0, 1);
        if (state.getLong(WINDOW) == 0 || state.getInt(WINDOW_SIZE) != FULL_WINDOW) {
            throw new IOException("zlib made no window of " + FULL_WINDOW + " bytes");
        }
    }

    private static void point(NativeStruct state, int pointer, long target, long fixed) {
        if (target < FIXED_CODES || target > CODES_LENGTH) {
            throw new IllegalArgumentException("a code table cannot begin at " + target);
        }
        if (target == NO_CODES) {
            state.putLong(pointer, 0);
        } else {
            state.putLong(pointer, target == FIXED_CODES ? fixed : state.address() + CODES + target);
        }
    }

    /** What is learnt from a fresh stream: that the layout holds, and where the constant tables are. */
    private static final class Proof {
        static final boolean KNOWN;
        static final long FIXED_LENGTH_CODES;
        static final long FIXED_DISTANCE_CODES;

        static {
            Inflater probe = new Inflater(true);
            try {
                long address = ZlibObjects.address(probe);
                boolean fresh = ZlibStream.isKnownMachine() && isFresh(address);
                NativeStruct state = fresh ? inflateFixedBlock(probe, address) : new NativeStruct(0);
                KNOWN = fresh && isKnownAfterFixedBlock(state);
                FIXED_LENGTH_CODES = KNOWN ? state.getLong(LENGTH_CODES) : 0;
                FIXED_DISTANCE_CODES = KNOWN ? state.getLong(DISTANCE_CODES) : 0;
            } finally {
                probe.end();
            }
        }

        private static boolean isFresh(long address) {
            NativeStruct state = ZlibStream.state(address);
            long codes = state.address() + CODES;
            return state.getLong(BACK_POINTER) == address
                    && state.getInt(MODE) == FIRST_MODE
                    && state.getInt(WRAP) == 0
                    && state.getLong(WINDOW) == 0
                    && state.getLong(LENGTH_CODES) == codes
                    && state.getLong(DISTANCE_CODES) == codes
                    && state.getLong(NEXT_CODE) == codes
                    && state.getInt(SANE) == 1;
        }

        private static NativeStruct inflateFixedBlock(Inflater probe, long address) {
            probe.setInput(EMPTY_FIXED_BLOCK);
            try {
                probe.inflate(new byte[1]);
            } catch (java.util.zip.DataFormatException e) {
                throw new IllegalStateException("zlib does not take an empty block", e);
            }
            return ZlibStream.state(address);
        }

        private static boolean isKnownAfterFixedBlock(NativeStruct state) {
            return target(state, LENGTH_CODES) == FIXED_CODES && target(state, DISTANCE_CODES) == FIXED_CODES;
        }
    }
}
