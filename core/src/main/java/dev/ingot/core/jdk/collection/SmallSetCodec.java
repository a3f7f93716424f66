package dev.ingot.core.jdk.collection;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.Slot;
import org.jspecify.annotations.Nullable;

/** Immutable sets of one or two elements: in a JVM of the other direction the two change places, which keeps their order. */
final class SmallSetCodec implements ObjectCodec<Object> {
    private static final int FIRST = 0;
    private static final int SECOND = 1;
    private static final int REVERSE = 2;

    private static final String TYPE = "java.util.ImmutableCollections$Set12";
    private static final Slot FIRST_FIELD = Slot.of(TYPE, "e0");
    private static final Slot SECOND_FIELD = Slot.of(TYPE, "e1");
    private static final Slot NONE = Slot.of("java.util.ImmutableCollections", "EMPTY");

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals(TYPE);
    }

    /** The place holder for no second element is not carried: it may have another name in another JDK. */
    @Override
    public @Nullable Object[] capture(Object set) {
        Object second = SECOND_FIELD.get(set);
        return new @Nullable Object[] {
            FIRST_FIELD.get(set), second == NONE.get(null) ? null : second, Direction.isReverse()
        };
    }

    @Override
    public void restore(Object set, @Nullable Object[] state) {
        if (state[SECOND] == null) {
            FIRST_FIELD.put(set, state[FIRST]);
            SECOND_FIELD.put(set, NONE.get(null));
        } else {
            boolean turned = !Boolean.valueOf(Direction.isReverse()).equals(state[REVERSE]);
            FIRST_FIELD.put(set, state[turned ? SECOND : FIRST]);
            SECOND_FIELD.put(set, state[turned ? FIRST : SECOND]);
        }
    }

    /** Other codecs look into sets. */
    @Override
    public int order() {
        return -2000;
    }
}
