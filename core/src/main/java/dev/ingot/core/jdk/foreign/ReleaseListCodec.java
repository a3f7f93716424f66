package dev.ingot.core.jdk.foreign;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.core.jdk.io.FieldState;
import java.util.Set;

/**
 * What an arena of one thread has to release when it is closed. Once it is closed, the JDK still refers to what it has released first, whose
 * memory is gone.
 */
final class ReleaseListCodec implements ObjectCodec<Object> {
    private static final String TYPE = "jdk.internal.foreign.ConfinedSession$ConfinedResourceList";
    private static final String FIRST = "cache";

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals(TYPE);
    }

    @Override
    public Object[] capture(Object list) {
        return FieldState.capture(list, isClosed(list) ? Set.of(FIRST) : Set.of());
    }

    private static boolean isClosed(Object list) {
        Slot head = Slot.of(ArenaMemory.LIST, "fst");
        return head.get(list) != null
                && head.get(list) == Slot.of(ArenaMemory.RELEASE, "CLOSED_LIST").get(null);
    }

    @Override
    public void restore(Object list, Object[] state) {
        FieldState.restore(list, state);
    }
}
