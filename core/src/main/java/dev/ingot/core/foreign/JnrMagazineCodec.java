package dev.ingot.core.foreign;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.core.jdk.io.FieldState;
import java.util.Objects;
import java.util.Set;

/** Pages from which jnr-ffi takes memory for arguments of calls; {@link JnrMemoryCodec} brings along what is in use of them. */
final class JnrMagazineCodec implements ObjectCodec<Object> {
    static final String NAME = "jnr.ffi.provider.jffi.TransientNativeMemory$Magazine";

    private static final String PAGE = "page";
    private static final String END = "end";
    private static final String FREE = "memory";
    private static final int READ_WRITE = 3;

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals(NAME);
    }

    @Override
    public Object[] capture(Object magazine) {
        long page = pageOf(magazine);
        return new Object[] {
            FieldState.capture(magazine, Set.of(PAGE, END, FREE)),
            Slot.of(magazine.getClass(), END).getLong(magazine) - page,
            Slot.of(magazine.getClass(), FREE).getLong(magazine) - page
        };
    }

    @Override
    public void restore(Object magazine, Object[] state) throws NotRestorableException {
        FieldState.restore(magazine, state[0]);
        Class<?> type = magazine.getClass();
        Slot manager = Slot.of(type, "pm");
        Object pages = Objects.requireNonNull(HiddenMethod.of(manager.type(), "allocatePages", int.class, int.class)
                .call(manager.get(magazine), Slot.of(type, "pageCount").getInt(magazine), READ_WRITE));
        long page = (Long) pages;
        if (page == 0 || page == -1) {
            throw new NotRestorableException("cannot restore a " + NAME + ": there is no memory for its pages");
        }
        Slot.of(type, PAGE).put(magazine, page);
        Slot.of(type, END).put(magazine, page + (Long) state[1]);
        Slot.of(type, FREE).put(magazine, page + (Long) state[2]);
    }

    @Override
    public int order() {
        return RestoreOrder.ADDRESS;
    }

    static long pageOf(Object magazine) {
        return Slot.of(magazine.getClass(), PAGE).getLong(magazine);
    }

    static boolean holds(Object magazine, long address) {
        return address >= pageOf(magazine)
                && address < Slot.of(magazine.getClass(), END).getLong(magazine);
    }
}
