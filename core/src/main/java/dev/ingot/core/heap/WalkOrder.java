package dev.ingot.core.heap;

import java.util.Arrays;

/**
 * In which order the data of objects are written: depth first, so that an object's data is read soon after its header was, and what
 * lies together in the graph lies together in the image.
 *
 * <p>It counts in places, the order in which objects were found. Places found by the data of one object wait in a range on a
 * stack, however many they are. A place that no data led to has its turn when nothing waits.
 */
final class WalkOrder {
    /** Pairs of the next id and the last one. */
    private int[] ranges = new int[128];

    private int top;
    private int reached;

    /** The place whose data comes next, 0 if it is none of the {@code count} that there are so far. */
    int take(int count) {
        if (top == 0) {
            return reached < count ? ++reached : 0;
        }
        int place = ranges[top - 2]++;
        if (place == ranges[top - 1]) {
            // Before the data of the last one is looked at, so that a list does not fill the stack.
            top -= 2;
        }
        return place;
    }

    /** The data of the place taken last led to places up to {@code highest}. */
    void ledTo(int highest) {
        if (highest > reached) {
            if (top == ranges.length) {
                ranges = Arrays.copyOf(ranges, Math.multiplyExact(top, 2));
            }
            ranges[top] = reached + 1;
            ranges[top + 1] = highest;
            top += 2;
            reached = highest;
        }
    }
}
