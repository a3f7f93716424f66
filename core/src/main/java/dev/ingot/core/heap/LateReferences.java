package dev.ingot.core.heap;

import java.util.Arrays;

/** References to objects that are not there yet: who holds them, in which variable, and to which id they go. */
final class LateReferences {
    private static final int WIDTH = 3;

    private int[] entries = new int[WIDTH * 64];
    private int size;

    int count() {
        return size / WIDTH;
    }

    void add(int holder, int slot, int target) {
        if (size == entries.length) {
            entries = Arrays.copyOf(entries, Math.multiplyExact(entries.length, 2));
        }
        entries[size] = holder;
        entries[size + 1] = slot;
        entries[size + 2] = target;
        size += WIDTH;
    }

    int holder(int index) {
        return entries[index * WIDTH];
    }

    int slot(int index) {
        return entries[index * WIDTH + 1];
    }

    int target(int index) {
        return entries[index * WIDTH + 2];
    }

    /** Forgets all; entries added meanwhile are to be collected in a new object. */
    void clear() {
        size = 0;
    }
}
