package dev.ingot.core.jdk.collection;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import org.jspecify.annotations.Nullable;

/**
 * Iterators over the tables of immutable sets and maps. Such an iterator steps from where it stands, over gaps and round the
 * end, until it has met as many elements as remain. In a JVM of the other direction it is put behind the last of those, and
 * meets the same elements on the way back.
 */
final class TableIteratorCodec implements ObjectCodec<Object> {
    private static final int COLLECTION = 0;
    private static final int REMAINING = 1;
    private static final int POSITION = 2;
    private static final int REVERSE = 3;

    private final Class<?> type;
    private final String tableField;
    private final int stride;

    TableIteratorCodec(String type, String tableField, int stride) {
        this.type = JdkClass.of(type);
        this.tableField = tableField;
        this.stride = stride;
    }

    @Override
    public boolean accepts(Class<?> candidate) {
        return candidate == type;
    }

    @Override
    public @Nullable Object[] capture(Object iterator) {
        @Nullable Object[] state = new @Nullable Object[REVERSE + 1];
        state[COLLECTION] = Slot.of(type, "this$0").get(iterator);
        state[REMAINING] = Slot.of(type, "remaining").get(iterator);
        state[POSITION] = Slot.of(type, "idx").get(iterator);
        state[REVERSE] = Direction.isReverse();
        return state;
    }

    @Override
    public void restore(Object iterator, @Nullable Object[] state) throws NotRestorableException {
        if (!(state[POSITION] instanceof Integer position)
                || !(state[REMAINING] instanceof Integer remaining)
                || !(state[REVERSE] instanceof Boolean reverse)) {
            throw new NotRestorableException(
                    "cannot restore an iterator over an immutable collection: its state in the image is damaged; take another");
        }
        Slot.of(type, "this$0").put(iterator, state[COLLECTION]);
        Slot.of(type, "remaining").put(iterator, remaining);
        boolean turned = reverse != Direction.isReverse() && remaining > 0;
        Slot.of(type, "idx")
                .put(iterator, turned ? farEnd(table(state[COLLECTION]), position, remaining, reverse) : position);
    }

    private Object[] table(@Nullable Object collection) throws NotRestorableException {
        Object table = collection == null
                ? null
                : Slot.of(collection.getClass(), tableField).get(collection);
        if (table instanceof Object[] elements && elements.length > 0) {
            return elements;
        }
        throw new NotRestorableException(
                "cannot restore an iterator over an immutable collection: the collection is not there; take another image");
    }

    /** The position after the last element that an iterator in the image's direction would have met. */
    private int farEnd(Object[] table, int start, int remaining, boolean reverse) throws NotRestorableException {
        int position = start;
        int left = remaining;
        for (int steps = table.length; steps > 0 && left > 0; steps -= stride) {
            position = step(table, position, reverse);
            if (table[position] != null) {
                left--;
            }
        }
        if (left > 0) {
            throw new NotRestorableException("cannot restore an iterator over an immutable collection: " + remaining
                    + " elements should remain but are not there; take another image");
        }
        return step(table, position, reverse);
    }

    private int step(Object[] table, int position, boolean reverse) {
        return Math.floorMod(position + (reverse ? stride : -stride), table.length);
    }
}
