package dev.ingot.core.foreign;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.core.jdk.io.FieldState;
import java.lang.reflect.Field;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A part of native memory that another object of JNA has allocated. */
final class JnaPartCodec implements ObjectCodec<Object> {
    static final String PART = "com.sun.jna.Memory$SharedMemory";

    private static final int FIELDS = 0;
    private static final int WHOLE = 1;
    private static final int DISTANCE = 2;

    @Override
    public boolean accepts(Class<?> type) {
        return JdkClass.isSubtype(type, PART);
    }

    @Override
    public @Nullable Object[] capture(Object part) throws NotCapturableException {
        Object whole = wholeOf(part);
        return new @Nullable Object[] {
            FieldState.capture(part, Set.of(JnaDisposerCodec.PEER)), whole, peer(part) - peer(whole)
        };
    }

    private static Object wholeOf(Object part) throws NotCapturableException {
        Class<?> type = JdkClass.ancestor(part.getClass(), PART);
        if (type == null) {
            return part;
        }
        for (Field field : Slot.declaredFields(type)) {
            Object whole = JdkClass.isSubtype(field.getType(), JnaMemoryCodec.MEMORY)
                    ? Slot.of(field).get(part)
                    : null;
            if (whole != null) {
                return wholeOf(whole);
            }
        }
        throw new NotCapturableException("cannot carry a " + PART
                + ": it does not say which memory it is a part of; release it before the checkpoint");
    }

    private static long peer(Object memory) {
        return Slot.inherited(memory, JnaDisposerCodec.PEER).getLong(memory);
    }

    @Override
    public void restore(Object part, @Nullable Object[] state) {
        FieldState.restore(part, Objects.requireNonNull(state[FIELDS]));
        long start = peer(Objects.requireNonNull(state[WHOLE]));
        Slot.inherited(part, JnaDisposerCodec.PEER)
                .put(part, start == 0 ? 0 : start + (Long) Objects.requireNonNull(state[DISTANCE]));
    }

    @Override
    public int order() {
        return RestoreOrder.FUNCTION;
    }
}
