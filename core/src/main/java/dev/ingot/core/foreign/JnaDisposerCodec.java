package dev.ingot.core.foreign;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.Slot;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What JNA, from 5.13 on, has free memory and close libraries once the object that stands for them is gone. It gets the address of what was
 * made anew from that object; one whose object is gone already has nothing to do in a fresh process.
 */
final class JnaDisposerCodec implements ObjectCodec<Object> {
    static final String PEER = "peer";
    private static final Set<String> TYPES =
            Set.of("com.sun.jna.Memory$MemoryDisposer", "com.sun.jna.NativeLibrary$NativeLibraryDisposer");

    @Override
    public boolean accepts(Class<?> type) {
        return TYPES.contains(type.getName());
    }

    @Override
    public @Nullable Object[] capture(Object disposer) {
        return new @Nullable Object[0];
    }

    @Override
    public void restore(Object disposer, @Nullable Object[] state) {
        // Its address is 0 in a new object, and of that it does nothing.
    }

    @Override
    public int order() {
        return RestoreOrder.NATIVE_PART;
    }

    /** The one that disposes of what {@code owner} stands for; null if it does so itself, as in earlier versions, or not at all. */
    static @Nullable Object disposerOf(Object owner) {
        Slot cleanable = Slot.findInherited(owner.getClass(), "cleanable");
        Object found = cleanable == null ? null : cleanable.get(owner);
        Slot task = found == null ? null : Slot.findInherited(found.getClass(), "cleanupTask");
        return task == null ? null : task.get(found);
    }

    static void entrust(@Nullable Object disposer, String field, long address) {
        if (disposer != null) {
            Slot.of(disposer.getClass(), field).put(disposer, address);
        }
    }
}
