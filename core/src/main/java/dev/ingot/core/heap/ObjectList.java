package dev.ingot.core.heap;

import org.jspecify.annotations.Nullable;

/**
 * Objects by id, from 1 on. Grows without copying what it holds: in chunks small enough that no collector treats them as
 * humongous, made on demand.
 */
final class ObjectList {
    private static final int CHUNK_BITS = 14;
    private static final int CHUNK = 1 << CHUNK_BITS;

    private @Nullable Object[][] chunks = new Object[64][];
    private int size;

    /** The highest id. */
    int size() {
        return size;
    }

    int add(@Nullable Object object) {
        set(++size, object);
        return size;
    }

    /** Null also for an id that there is no object of yet. */
    @Nullable Object get(int id) {
        int chunk = id >>> CHUNK_BITS;
        Object[] known = chunk < chunks.length ? chunks[chunk] : null;
        return known == null ? null : known[id & (CHUNK - 1)];
    }

    void set(int id, @Nullable Object object) {
        int chunk = id >>> CHUNK_BITS;
        if (chunk >= chunks.length) {
            chunks = java.util.Arrays.copyOf(chunks, Math.max(chunk + 1, chunks.length * 2));
        }
        if (chunks[chunk] == null) {
            chunks[chunk] = new Object[CHUNK];
        }
        chunks[chunk][id & (CHUNK - 1)] = object;
        size = Math.max(size, id);
    }
}
