package dev.ingot.core.jdk.io;

import java.nio.ByteOrder;
import jdk.internal.misc.Unsafe;

/** The public part of a zlib stream, {@code z_stream}, as 64-bit little-endian machines lay it out. */
final class ZlibStream {
    private static final int TOTAL_IN = 16;
    private static final int TOTAL_OUT = 40;
    private static final int STATE = 56;
    private static final int DATA_TYPE = 88;
    private static final int CHECKSUM = 96;

    private ZlibStream() {}

    /** Whether this machine lays out structures in the way that is known here. */
    static boolean isKnownMachine() {
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
                && Unsafe.getUnsafe().addressSize() == Long.BYTES;
    }

    /** The private part, in which its algorithm keeps its state. */
    static NativeStruct state(long address) {
        return new NativeStruct(address).at(STATE);
    }

    static long[] counters(long address) {
        NativeStruct stream = new NativeStruct(address);
        return new long[] {
            stream.getLong(TOTAL_IN), stream.getLong(TOTAL_OUT), stream.getInt(DATA_TYPE), stream.getLong(CHECKSUM)
        };
    }

    static void setCounters(long address, long[] counters) {
        NativeStruct stream = new NativeStruct(address);
        stream.putLong(TOTAL_IN, counters[0]);
        stream.putLong(TOTAL_OUT, counters[1]);
        stream.putInt(DATA_TYPE, (int) counters[2]);
        stream.putLong(CHECKSUM, counters[3]);
    }
}
