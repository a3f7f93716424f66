package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import jdk.internal.ref.Cleaner;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a direct buffer that is nobody's view: allocated by it, or mapping a file.
 *
 * <p>Views of a buffer may come to be restored before it. Whoever comes first makes the memory, from the same description, and
 * gives it to the buffer; see {@link BufferCodec}.
 *
 * @param kind what sort of memory
 * @param size its length in bytes
 * @param mapping the file range, for mapped memory only
 */
record NativeBlock(Kind kind, int size, @Nullable MappedRange mapping) {

    /** Where the memory comes from. */
    enum Kind {
        /** No memory at all: the buffer is empty, or its memory was freed by hand. */
        NONE,
        ALLOCATED,
        MAPPED
    }

    private static final Slot CLEANER = Slot.of(JdkClass.of("java.nio.DirectByteBuffer"), "cleaner");
    private static final Slot ADDRESS = Slot.of(Buffer.class, "address");

    // ---- checkpoint ----

    static NativeBlock of(ByteBuffer owner, FilePolicy policy, Mappings mappings) throws NotCapturableException {
        Cleaner cleaner = (Cleaner) CLEANER.get(owner);
        int capacity = owner.capacity();
        if (capacity == 0 || (cleaner != null && Cleaners.isSpent(cleaner))) {
            return new NativeBlock(Kind.NONE, capacity, null);
        }
        if (cleaner == null) {
            throw new NotCapturableException("cannot carry a direct buffer of " + capacity
                    + " bytes: native code made it over memory of its own; release it before the checkpoint");
        }
        String duty = Cleaners.duty(cleaner).getClass().getName();
        if (duty.equals("java.nio.DirectByteBuffer$Deallocator")) {
            return new NativeBlock(Kind.ALLOCATED, capacity, null);
        }
        if (duty.startsWith("sun.nio.ch.FileChannelImpl$")) {
            return new NativeBlock(
                    Kind.MAPPED, capacity, MappedRange.at(ADDRESS.getLong(owner), capacity, policy, mappings));
        }
        throw new NotCapturableException(
                "cannot carry a direct buffer of " + capacity + " bytes: its memory is freed by " + duty
                        + ", which Ingot does not know; release it before the checkpoint");
    }

    /** The bytes that the image must carry; null where there are none or a file keeps them. */
    @Nullable Object content(ByteBuffer owner) {
        if (kind == Kind.NONE) {
            return null;
        }
        if (mapping == null || mapping.carried()) {
            return MemoryContent.read(ADDRESS.getLong(owner), size);
        }
        if (mapping.mode() == MappedRange.Mode.READ_WRITE) {
            ((MappedByteBuffer) owner).force();
        }
        return null;
    }

    Object[] toState() {
        return new @Nullable Object[] {kind.name(), size, mapping == null ? null : mapping.toState()};
    }

    static NativeBlock fromState(Object state) {
        Object[] parts = (Object[]) state;
        return new NativeBlock(
                Kind.valueOf((String) parts[0]),
                (Integer) parts[1],
                parts[2] == null ? null : MappedRange.fromState(parts[2]));
    }

    // ---- resume ----

    /** Gives {@code owner} its memory, unless a view of it did already. */
    void provide(ByteBuffer owner, OpenFiles files) throws NotRestorableException {
        if (kind != Kind.NONE && CLEANER.get(owner) == null) {
            hand(mapping == null ? ByteBuffer.allocateDirect(size) : mapping.map(files), owner);
        }
    }

    /** Moves the memory of a fresh buffer, and the duty to free it, to another one. */
    private static void hand(ByteBuffer donor, ByteBuffer owner) {
        Cleaner cleaner = (Cleaner) CLEANER.get(donor);
        if (cleaner == null) {
            throw new IllegalStateException("a fresh direct buffer of " + donor.capacity() + " bytes has no cleaner");
        }
        Runnable duty = Cleaners.duty(cleaner);
        Cleaners.forget(cleaner);
        ADDRESS.put(owner, ADDRESS.getLong(donor));
        CLEANER.put(owner, Cleaner.create(owner, duty));
    }
}
