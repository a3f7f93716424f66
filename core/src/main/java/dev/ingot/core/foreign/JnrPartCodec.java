package dev.ingot.core.foreign;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.core.jdk.io.FieldState;
import java.util.Objects;
import java.util.Set;

/** A pointer of jnr-ffi into the memory of another one. */
final class JnrPartCodec implements ObjectCodec<Object> {
    private static final String PART = "jnr.ffi.provider.BoundedMemoryIO";

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals(PART);
    }

    @Override
    public Object[] capture(Object part) {
        return FieldState.capture(part, Set.of(JnrMemoryCodec.ADDRESS));
    }

    @Override
    public void restore(Object part, Object[] state) {
        FieldState.restore(part, state);
        JnrMemoryCodec.addressOf(part).put(part, address(part));
    }

    /** The whole may itself be a part, restored later. */
    private static long address(Object pointer) {
        if (!pointer.getClass().getName().equals(PART)) {
            return JnrMemoryCodec.addressOf(pointer).getLong(pointer);
        }
        Object whole = Objects.requireNonNull(Slot.of(pointer.getClass(), "io").get(pointer));
        long start = address(whole);
        return start == 0 ? 0 : start + Slot.of(pointer.getClass(), "base").getLong(pointer);
    }

    @Override
    public int order() {
        return RestoreOrder.FUNCTION;
    }
}
