package dev.ingot.core.foreign;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.core.jdk.io.FieldState;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Native memory that belongs to a pointer of jnr-ffi: allocated for it alone, or a part of a magazine. */
final class JnrMemoryCodec implements ObjectCodec<Object> {
    private static final String ALLOCATED = "jnr.ffi.provider.jffi.AllocatedDirectMemoryIO";
    private static final String TRANSIENT = "jnr.ffi.provider.jffi.TransientNativeMemory";
    private static final String POINTER = "jnr.ffi.Pointer";
    static final String ADDRESS = "address";

    private static final int FIELDS = 0;
    private static final int CONTENT = 1;
    private static final int MAGAZINE = 2;
    private static final int DISTANCE = 3;

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals(ALLOCATED) || type.getName().equals(TRANSIENT);
    }

    @Override
    public Object[] capture(Object memory) throws NotCapturableException {
        long address = addressOf(memory).getLong(memory);
        long size = Slot.of(memory.getClass(), "size").getLong(memory);
        Object magazine = memory.getClass().getName().equals(TRANSIENT) ? magazineOf(memory, address) : null;
        boolean owned = magazine != null || isAllocated(memory);
        return new @Nullable Object[] {
            FieldState.capture(memory, Set.of(ADDRESS)),
            owned ? NativeBlocks.read(memory, address, size) : null,
            magazine,
            magazine == null ? 0 : address - JnrMagazineCodec.pageOf(magazine)
        };
    }

    private static boolean isAllocated(Object memory) {
        return memory.getClass().getName().equals(ALLOCATED)
                && String.valueOf(Slot.of(memory.getClass(), "allocated").get(memory))
                        .equals("true");
    }

    private static Object magazineOf(Object memory, long address) throws NotCapturableException {
        if (Slot.of(memory.getClass(), "referenceSet").get(null) instanceof Map<?, ?> magazines) {
            for (Object magazine : magazines.keySet()) {
                if (JnrMagazineCodec.holds(magazine, address)) {
                    return magazine;
                }
            }
        }
        throw new NotCapturableException("cannot carry a " + TRANSIENT
                + ": its memory belongs to no magazine; release it before the checkpoint");
    }

    @Override
    public void restore(Object memory, @Nullable Object[] state) throws NotRestorableException {
        FieldState.restore(memory, Objects.requireNonNull(state[FIELDS]));
        if (!(state[CONTENT] instanceof byte[] content)) {
            return;
        }
        Object magazine = state[MAGAZINE];
        long address = magazine == null
                ? allocate(memory, content.length)
                : JnrMagazineCodec.pageOf(magazine) + ((Number) Objects.requireNonNull(state[DISTANCE])).longValue();
        NativeBlocks.write(content, address);
        addressOf(memory).put(memory, address);
    }

    private static long allocate(Object memory, int size) throws NotRestorableException {
        Class<?> direct = Objects.requireNonNull(memory.getClass().getSuperclass());
        Slot io = Slot.of(direct, "IO");
        Object address = HiddenMethod.of(io.type(), "allocateMemory", long.class, boolean.class)
                .call(io.get(null), (long) size, false);
        if (address == null || address.equals(0L)) {
            throw new NotRestorableException(
                    "cannot restore a " + ALLOCATED + ": there is no memory for " + size + " bytes");
        }
        return (Long) address;
    }

    /** The address that any pointer of jnr-ffi has. */
    static Slot addressOf(Object memory) {
        return Slot.of(Objects.requireNonNull(JdkClass.ancestor(memory.getClass(), POINTER)), ADDRESS);
    }

    @Override
    public int order() {
        return RestoreOrder.CONTEXT;
    }
}
