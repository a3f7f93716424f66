package dev.ingot.core.heap;

import java.util.Arrays;

/** Numbers by id, from 1 on, in chunks like {@link ObjectList}. */
final class IntList {
    private static final int CHUNK_BITS = 14;
    private static final int CHUNK = 1 << CHUNK_BITS;

    private int[][] chunks = new int[64][];
    private int size;

    int size() {
        return size;
    }

    void add(int number) {
        int id = ++size;
        int chunk = id >>> CHUNK_BITS;
        if (chunk == chunks.length) {
            chunks = Arrays.copyOf(chunks, chunk * 2);
        }
        if (chunks[chunk] == null) {
            chunks[chunk] = new int[CHUNK];
        }
        chunks[chunk][id & (CHUNK - 1)] = number;
    }

    int get(int id) {
        return chunks[id >>> CHUNK_BITS][id & (CHUNK - 1)];
    }
}
