package dev.ingot.core.heap;

import org.jspecify.annotations.Nullable;

/**
 * Objects by id, from 1 on. Grows without copying what it holds: in chunks small enough that no collector treats them as
 * humongous.
 */
final class ObjectList {
    private static final int CHUNK_BITS = 14;
    private static final int CHUNK = 1 << CHUNK_BITS;

    private @Nullable Object[][] chunks = new Object[64][];
    private int size;

    int size() {
        return size;
    }

    int add(@Nullable Object object) {
        int id = ++size;
        int chunk = id >>> CHUNK_BITS;
        if (chunk == chunks.length) {
            chunks = java.util.Arrays.copyOf(chunks, chunk * 2);
        }
        if (chunks[chunk] == null) {
            chunks[chunk] = new Object[CHUNK];
        }
        chunks[chunk][id & (CHUNK - 1)] = object;
        return id;
    }

    @Nullable Object get(int id) {
        return chunks[id >>> CHUNK_BITS][id & (CHUNK - 1)];
    }

    void set(int id, Object object) {
        chunks[id >>> CHUNK_BITS][id & (CHUNK - 1)] = object;
    }
}
