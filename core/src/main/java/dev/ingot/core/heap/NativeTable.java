package dev.ingot.core.heap;

import static dev.ingot.core.jvm.Memory.UNSAFE;

import java.util.Arrays;

/**
 * Numbers by id, from 0 on, outside the Java heap: a heap that is nearly full has no room for them. Made on demand, a chunk at a
 * time; a number that was never put is 0. Not thread-safe.
 */
final class NativeTable implements AutoCloseable {
    private static final int CHUNK_BITS = 14;
    private static final int CHUNK = 1 << CHUNK_BITS;

    private static final int FEWEST_CHUNKS = 64;
    private static final long[] NONE = {};

    private final int width;
    private long[] chunks = NONE;

    private NativeTable(int width) {
        this.width = width;
    }

    static NativeTable ofInts() {
        return new NativeTable(Integer.BYTES);
    }

    static NativeTable ofLongs() {
        return new NativeTable(Long.BYTES);
    }

    int getInt(int id) {
        long address = known(id);
        return address == 0 ? 0 : UNSAFE.getInt(address);
    }

    long getLong(int id) {
        long address = known(id);
        return address == 0 ? 0 : UNSAFE.getLong(address);
    }

    void put(int id, int number) {
        UNSAFE.putInt(made(id), number);
    }

    void put(int id, long number) {
        UNSAFE.putLong(made(id), number);
    }

    private long known(int id) {
        int chunk = id >>> CHUNK_BITS;
        return chunk >= chunks.length || chunks[chunk] == 0 ? 0 : chunks[chunk] + offset(id);
    }

    private long made(int id) {
        int chunk = id >>> CHUNK_BITS;
        if (chunk >= chunks.length) {
            chunks = Arrays.copyOf(chunks, Math.max(Math.max(chunk + 1, FEWEST_CHUNKS), chunks.length * 2));
        }
        if (chunks[chunk] == 0) {
            long bytes = (long) CHUNK * width;
            long address = UNSAFE.allocateMemory(bytes);
            UNSAFE.setMemory(address, bytes, (byte) 0);
            chunks[chunk] = address;
        }
        return chunks[chunk] + offset(id);
    }

    private long offset(int id) {
        return (long) (id & (CHUNK - 1)) * width;
    }

    /** Forgets all numbers and gives the memory back. */
    @Override
    public void close() {
        long[] given = chunks;
        chunks = NONE;
        for (long chunk : given) {
            if (chunk != 0) {
                UNSAFE.freeMemory(chunk);
            }
        }
    }
}
