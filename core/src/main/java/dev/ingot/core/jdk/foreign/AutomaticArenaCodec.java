package dev.ingot.core.jdk.foreign;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.core.jdk.io.FieldState;
import java.util.Set;
import jdk.internal.ref.CleanerFactory;

/** Arenas that are released by the garbage collector. */
final class AutomaticArenaCodec implements ObjectCodec<Object> {
    private static final String TYPE = "jdk.internal.foreign.ImplicitSession";

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals(TYPE);
    }

    @Override
    public Object[] capture(Object arena) {
        return FieldState.capture(arena, Set.of());
    }

    @Override
    public void restore(Object arena, Object[] state) {
        FieldState.restore(arena, state);
        Slot list = Slot.inherited(arena, "resourceList");
        CleanerFactory.cleaner().register(arena, list.get(arena, Runnable.class));
    }

    @Override
    public int order() {
        return RestoreOrder.MEMORY;
    }
}
