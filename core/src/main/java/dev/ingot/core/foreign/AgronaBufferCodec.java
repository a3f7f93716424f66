package dev.ingot.core.foreign;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.core.jdk.io.FieldState;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Agrona's buffers, and Aeron's counters in them, which keep the address of their memory. Over an array it is an offset in that, and goes
 * along; over a direct buffer it is carried as a distance from that buffer's. Memory of another kind is refused.
 */
final class AgronaBufferCodec implements ObjectCodec<Object> {
    private static final List<String> TYPES = List.of(
            "org.agrona.AbstractMutableDirectBuffer",
            "org.agrona.concurrent.MappedResizeableBuffer",
            "org.agrona.concurrent.status.AtomicCounter",
            "org.agrona.concurrent.status.UnsafeBufferPosition",
            "org.agrona.concurrent.status.UnsafeBufferStatusIndicator",
            "io.aeron.status.ReadableCounter");
    private static final String ADDRESS = "addressOffset";
    private static final String CAPACITY = "capacity";
    private static final String OWNER = "byteBuffer";
    /** What the types call the array that they are over instead. */
    private static final List<String> ARRAYS = List.of("byteArray", "buffer");

    @Override
    public boolean accepts(Class<?> type) {
        return TYPES.stream().anyMatch(name -> JdkClass.isSubtype(type, name));
    }

    @Override
    public @Nullable Object[] capture(Object buffer) throws NotCapturableException {
        Slot address = Slot.findInherited(buffer.getClass(), ADDRESS);
        if (address == null || !isOverMemory(buffer)) {
            return new @Nullable Object[] {FieldState.capture(buffer, Set.of()), null, 0L};
        }
        if (value(buffer, OWNER) instanceof ByteBuffer owner && owner.isDirect()) {
            long distance = address.getLong(buffer) - BufferAddress.of(owner);
            return new @Nullable Object[] {FieldState.capture(buffer, Set.of(ADDRESS)), owner, distance};
        }
        throw new NotCapturableException("cannot carry a " + buffer.getClass().getName()
                + " over memory that belongs to no ByteBuffer: a fresh JVM has nothing at its address; let the program wrap a"
                + " ByteBuffer, or release it before the checkpoint");
    }

    @Override
    public void restore(Object buffer, @Nullable Object[] state) {
        FieldState.restore(buffer, state[0]);
        Slot address = Slot.findInherited(buffer.getClass(), ADDRESS);
        if (address != null && state[1] instanceof ByteBuffer owner && state[2] instanceof Long distance) {
            address.put(buffer, BufferAddress.of(owner) + distance);
        }
    }

    @Override
    public int order() {
        return RestoreOrder.ADDRESS;
    }

    /** Whether there is anything at its address, and that not in the heap. */
    private static boolean isOverMemory(Object buffer) {
        if (value(buffer, CAPACITY) instanceof Number capacity && capacity.longValue() == 0) {
            return false;
        }
        return ARRAYS.stream().noneMatch(name -> value(buffer, name) instanceof byte[]);
    }

    private static @Nullable Object value(Object buffer, String field) {
        Slot slot = Slot.findInherited(buffer.getClass(), field);
        return slot == null ? null : slot.get(buffer);
    }
}
