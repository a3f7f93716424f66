package dev.ingot.core.heap;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** References to objects that are not there yet: who holds them, in which variable, and to which id they go. */
final class LateReferences {
    private static final int WIDTH = 3;
    private static final int ELEMENTS_OF_PART = HeapStream.PART_BYTES / Integer.BYTES;

    private int[] entries = new int[WIDTH * 64];
    private int size;
    /** By holder and part, how many references had been noted when its data came again. */
    private final Map<Long, Integer> outdated = new HashMap<>();

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

    /** The data of the object, or of that part of an array, are told again: what was noted of them does not count. */
    void outdate(int holder, int part) {
        if (size > 0) {
            outdated.put(key(holder, part), count());
        }
    }

    boolean isOutdated(int index) {
        if (outdated.isEmpty()) {
            return false;
        }
        return index < outdated.getOrDefault(key(holder(index), slot(index) / ELEMENTS_OF_PART), 0);
    }

    private static long key(int holder, int part) {
        return (long) holder << Integer.SIZE | part;
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
}
