package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.core.jvm.Memory;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Every kind of {@code java.nio} buffer.
 *
 * <p>Overview. A buffer finds its elements by an address: relative to an array for a buffer on the heap, absolute for a direct
 * one. Neither means anything in another JVM, so the address is carried as a distance, from the array's first element or from
 * the start of the memory of the <em>owner</em>, the direct buffer that is not itself a view. Views carry the description of
 * the owner's memory too, since they may be restored before it, but only the owner carries the content.
 */
final class BufferCodec implements ObjectCodec<Buffer> {
    private static final Set<String> RENEWED = Set.of("address", "cleaner");

    private final FilePolicy policy;
    private final OpenFiles files;
    private final Mappings mappings = new Mappings();

    BufferCodec(FilePolicy policy) {
        this.policy = policy;
        this.files = new OpenFiles(policy);
    }

    @Override
    public boolean accepts(Class<?> type) {
        return Buffer.class.isAssignableFrom(type);
    }

    @Override
    public Object[] capture(Buffer buffer) throws NotCapturableException {
        Object[] fields = FieldState.capture(buffer, RENEWED);
        ByteBuffer owner = owner(buffer);
        if (owner == null) {
            Class<?> array = arrayType(buffer);
            long distance = array == null ? 0 : Fields.ADDRESS.getLong(buffer) - Memory.arrayBase(array);
            return new @Nullable Object[] {fields, array, distance, null, null, null};
        }
        NativeBlock block = NativeBlock.of(owner, policy, mappings);
        long distance = Fields.ADDRESS.getLong(buffer) - Fields.ADDRESS.getLong(owner);
        Object content = owner == buffer ? block.content(owner) : null;
        return new @Nullable Object[] {fields, null, distance, owner, block.toState(), content};
    }

    @Override
    public void restore(Buffer buffer, Object[] state) throws NotRestorableException {
        FieldState.restore(buffer, state[0]);
        long distance = (Long) state[2];
        if (state[3] == null) {
            Fields.ADDRESS.put(buffer, state[1] == null ? 0 : Memory.arrayBase((Class<?>) state[1]) + distance);
            return;
        }
        ByteBuffer owner = (ByteBuffer) state[3];
        NativeBlock block = NativeBlock.fromState(state[4]);
        block.provide(owner, files);
        Fields.ADDRESS.put(buffer, Fields.ADDRESS.getLong(owner) + distance);
        if (state[5] != null) {
            MemoryContent.write(Fields.ADDRESS.getLong(owner), block.size(), state[5]);
        }
    }

    /** The array type a heap buffer's address counts in; null if it reads no array. */
    private static @Nullable Class<?> arrayType(Buffer buffer) {
        for (Buffer at = buffer; at != null; at = viewed(at)) {
            Object array = field(at, "hb");
            if (array != null) {
                return array.getClass();
            }
        }
        return null;
    }

    /** The direct buffer whose memory {@code buffer} shows, itself included; null for one on the heap. */
    private static @Nullable ByteBuffer owner(Buffer buffer) throws NotCapturableException {
        Buffer at = buffer;
        for (Buffer next = viewed(at); next != null; next = viewed(at)) {
            at = next;
        }
        if (!at.isDirect()) {
            return null;
        }
        Object attached = field(at, "att");
        if (attached == null && at instanceof ByteBuffer owner && Fields.SEGMENT.get(at) == null) {
            return owner;
        }
        if (attached instanceof ByteBuffer owner && field(owner, "att") == null) {
            return owner;
        }
        throw new NotCapturableException("cannot carry a " + buffer.getClass().getSimpleName() + " of "
                + buffer.capacity()
                + " elements: its memory belongs to "
                + (attached == null ? "a memory segment" : attached.getClass().getName())
                + "; use ByteBuffer.allocateDirect, or release it before the checkpoint");
    }

    /** The byte buffer below a view such as {@code ByteBufferAsIntBufferB}. */
    private static @Nullable Buffer viewed(Buffer buffer) {
        return (Buffer) field(buffer, "bb");
    }

    private static @Nullable Object field(Buffer buffer, String name) {
        Slot slot = Slot.findInherited(buffer.getClass(), name);
        return slot == null ? null : slot.get(buffer);
    }

    /** Resolved at the first buffer met, not when codecs are listed. */
    private static final class Fields {
        static final Slot ADDRESS = Slot.of(Buffer.class, "address");
        static final Slot SEGMENT = Slot.of(Buffer.class, "segment");

        private Fields() {}
    }
}
