package dev.ingot.core.heap;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The objects that a walk has found and whose turn is still to come, by place, from 1 on. A chunk from which all were taken is used
 * again, so it has about as much memory as objects wait at a time.
 */
final class WaitingObjects {
    private static final int CHUNK_BITS = 10;
    private static final int CHUNK = 1 << CHUNK_BITS;

    private @Nullable Object[][] chunks = new Object[64][];
    private short[] taken = new short[64];
    private final Deque<@Nullable Object[]> free = new ArrayDeque<>();
    private int size;

    void add(Object object) {
        int index = size++;
        int number = index >>> CHUNK_BITS;
        if (number == chunks.length) {
            chunks = Arrays.copyOf(chunks, number * 2);
            taken = Arrays.copyOf(taken, number * 2);
        }
        if (chunks[number] == null) {
            chunks[number] = free.isEmpty() ? new Object[CHUNK] : free.pop();
        }
        chunks[number][index & (CHUNK - 1)] = object;
    }

    /** The object of a place, which is taken once. */
    Object take(int place) {
        int index = place - 1;
        int number = index >>> CHUNK_BITS;
        @Nullable Object[] chunk = chunks[number];
        Object object = Objects.requireNonNull(chunk[index & (CHUNK - 1)]);
        chunk[index & (CHUNK - 1)] = null;
        if (++taken[number] == CHUNK) {
            chunks[number] = null;
            free.push(chunk);
        }
        return object;
    }
}
