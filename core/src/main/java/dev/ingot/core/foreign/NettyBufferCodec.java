package dev.ingot.core.foreign;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.core.jdk.io.FieldState;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Netty's buffers over direct ones, which keep the address of their memory to pass by the checks of {@code ByteBuffer}. It is carried as a
 * distance from that of the direct buffer.
 */
final class NettyBufferCodec implements ObjectCodec<Object> {
    private static final List<String> TYPES =
            List.of("io.netty.buffer.PooledUnsafeDirectByteBuf", "io.netty.buffer.UnpooledUnsafeDirectByteBuf");
    private static final String ADDRESS = "memoryAddress";
    /** What the two call the direct buffer. */
    private static final List<String> OWNERS = List.of("memory", "buffer");

    @Override
    public boolean accepts(Class<?> type) {
        return TYPES.stream().anyMatch(name -> JdkClass.isSubtype(type, name));
    }

    @Override
    public Object[] capture(Object buffer) {
        Slot address = Slot.findInherited(buffer.getClass(), ADDRESS);
        ByteBuffer owner = owner(buffer);
        long distance = address == null || owner == null ? 0 : address.getLong(buffer) - BufferAddress.of(owner);
        return new @Nullable Object[] {FieldState.capture(buffer, Set.of(ADDRESS)), owner, distance};
    }

    @Override
    public void restore(Object buffer, Object[] state) {
        FieldState.restore(buffer, state[0]);
        Slot address = Slot.findInherited(buffer.getClass(), ADDRESS);
        if (address != null && state[1] instanceof ByteBuffer owner) {
            address.put(buffer, BufferAddress.of(owner) + (Long) state[2]);
        }
    }

    @Override
    public int order() {
        return RestoreOrder.ADDRESS;
    }

    private static @Nullable ByteBuffer owner(Object buffer) {
        for (String name : OWNERS) {
            Slot slot = Slot.findInherited(buffer.getClass(), name);
            if (slot != null && slot.get(buffer) instanceof ByteBuffer owner && owner.isDirect()) {
                return owner;
            }
        }
        return null;
    }
}
