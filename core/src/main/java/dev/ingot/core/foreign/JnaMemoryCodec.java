package dev.ingot.core.foreign;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.core.jdk.io.FieldState;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Native memory that an object of JNA has allocated. */
final class JnaMemoryCodec implements ObjectCodec<Object> {
    static final String MEMORY = "com.sun.jna.Memory";

    private static final int FIELDS = 0;
    private static final int CONTENT = 1;
    private static final int DISPOSER = 2;

    @Override
    public boolean accepts(Class<?> type) {
        return JdkClass.isSubtype(type, MEMORY) && !JdkClass.isSubtype(type, JnaPartCodec.PART);
    }

    @Override
    public @Nullable Object[] capture(Object memory) throws NotCapturableException {
        long address = Slot.inherited(memory, JnaDisposerCodec.PEER).getLong(memory);
        long size = Slot.inherited(memory, "size").getLong(memory);
        return new @Nullable Object[] {
            FieldState.capture(memory, Set.of(JnaDisposerCodec.PEER)),
            address == 0 ? null : NativeBlocks.read(memory, address, size),
            JnaDisposerCodec.disposerOf(memory)
        };
    }

    @Override
    public void restore(Object memory, @Nullable Object[] state) throws NotRestorableException {
        FieldState.restore(memory, Objects.requireNonNull(state[FIELDS]));
        if (state[CONTENT] instanceof byte[] content) {
            long address = allocate(memory, content.length);
            NativeBlocks.write(content, address);
            Slot.inherited(memory, JnaDisposerCodec.PEER).put(memory, address);
            JnaDisposerCodec.entrust(state[DISPOSER], JnaDisposerCodec.PEER, address);
        }
    }

    private static long allocate(Object memory, int size) throws NotRestorableException {
        Class<?> type = Objects.requireNonNull(JdkClass.ancestor(memory.getClass(), MEMORY));
        Object address =
                HiddenMethod.of(JnaCodec.natives(type), "malloc", long.class).call(null, (long) size);
        if (address == null || address.equals(0L)) {
            throw new NotRestorableException(
                    "cannot restore a " + MEMORY + ": there is no memory for " + size + " bytes");
        }
        return (Long) address;
    }

    @Override
    public int order() {
        return RestoreOrder.CONTEXT;
    }
}
