package dev.ingot.core.jdk.concurrent;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.Slot;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Copy-on-write lists: lock and elements. Later JDKs share one empty array among all empty lists, which earlier ones lack. */
final class CopyOnWriteListCodec implements ObjectCodec<CopyOnWriteArrayList<?>> {
    private static final Slot LOCK = Slot.of(CopyOnWriteArrayList.class, "lock");
    private static final Slot ARRAY = Slot.of(CopyOnWriteArrayList.class, "array");

    @Override
    public boolean accepts(Class<?> type) {
        return CopyOnWriteArrayList.class.isAssignableFrom(type);
    }

    @Override
    public Class<?> stateOf() {
        return CopyOnWriteArrayList.class;
    }

    @Override
    public @Nullable Object[] capture(CopyOnWriteArrayList<?> list) {
        Object[] array = ARRAY.get(list, Object[].class);
        return new @Nullable Object[] {LOCK.get(list), array == null || array.length == 0 ? null : array};
    }

    @Override
    public void restore(CopyOnWriteArrayList<?> list, @Nullable Object[] state) {
        LOCK.put(list, state[0]);
        ARRAY.put(list, state[1] == null ? new Object[0] : state[1]);
    }

    /** Other codecs fill their objects from lists, and code of the JDK that restores them may iterate. */
    @Override
    public int order() {
        return -2000;
    }
}
