package dev.ingot.core.jdk.desktop;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.core.jdk.io.FieldState;
import dev.ingot.core.jvm.Memory;
import java.util.Set;
import jdk.internal.misc.Unsafe;

/** The native memory in which the JDK's rasteriser keeps the edges of a shape, one for each thread that has drawn. */
final class EdgesCodec implements ObjectCodec<Object> {
    private static final Unsafe UNSAFE = Unsafe.getUnsafe();
    private static final String ADDRESS = "address";

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals("sun.java2d.marlin.OffHeapArray");
    }

    @Override
    public Object[] capture(Object edges) {
        byte[] content = new byte[Slot.of(edges.getClass(), "length").getInt(edges)];
        UNSAFE.copyMemory(
                null,
                Slot.of(edges.getClass(), ADDRESS).getLong(edges),
                content,
                Memory.arrayBase(byte[].class),
                content.length);
        return new Object[] {FieldState.capture(edges, Set.of(ADDRESS)), content};
    }

    @Override
    public void restore(Object edges, Object[] state) {
        FieldState.restore(edges, state[0]);
        byte[] content = (byte[]) state[1];
        long address = UNSAFE.allocateMemory(content.length);
        UNSAFE.copyMemory(content, Memory.arrayBase(byte[].class), null, address, content.length);
        Slot.of(edges.getClass(), ADDRESS).put(edges, address);
    }
}
