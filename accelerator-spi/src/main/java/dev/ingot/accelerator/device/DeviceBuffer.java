package dev.ingot.accelerator.device;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.backend.DeviceMemory;
import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.state.BufferState;
import dev.ingot.accelerator.state.Chunk;
import dev.ingot.api.ExcludedFromImage;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Memory of a device, zero at first. It stays the same object whatever device it moves to. Content is little-endian on every device.
 * Thread-safe; reads and writes do not wait for queues, so wait for a timeline first.
 */
public final class DeviceBuffer {
    private final Device device;
    private final String name;
    private final long bytes;
    private final boolean isTransient;

    /** Chunks that are not as in {@link #saved}. Touched only by whoever has the device to itself. */
    private final BitSet dirty = new BitSet();

    private final @Nullable Chunk[] saved;
    private final AtomicLong version = new AtomicLong();

    @ExcludedFromImage
    private @Nullable DeviceMemory memory;

    DeviceBuffer(Device device, String name, long bytes, boolean isTransient, DeviceMemory memory) {
        this.device = device;
        this.name = name;
        this.bytes = bytes;
        this.isTransient = isTransient;
        this.memory = memory;
        this.saved = new @Nullable Chunk[isTransient ? 0 : Math.toIntExact((bytes + Chunk.BYTES - 1) / Chunk.BYTES)];
        dirty.set(0, saved.length);
    }

    /** For people, and unique on its device. */
    public String name() {
        return name;
    }

    /** Its size. */
    public long bytes() {
        return bytes;
    }

    /** Whether its content is left out of images: what is there after a move is zero. */
    public boolean isTransient() {
        return isTransient;
    }

    /** Counts the changes of its content. Means nothing but for this object. */
    public long version() {
        return version.get();
    }

    /**
     * Copies what remains of {@code source} to {@code offset} and on.
     *
     * @throws IndexOutOfBoundsException if that is too much
     * @throws DeviceFault if the device fails or is lost
     */
    public void write(long offset, ByteBuffer source) throws DeviceFault, InterruptedException {
        int count = source.remaining();
        requireRange(offset, count);
        device.exclusively(() -> {
            memory().write(offset, source);
            touch(offset, count);
        });
    }

    /**
     * Fills what remains of {@code target} from {@code offset} on.
     *
     * @throws IndexOutOfBoundsException if that is too much
     * @throws DeviceFault if the device fails or is lost
     */
    public void read(long offset, ByteBuffer target) throws DeviceFault, InterruptedException {
        requireRange(offset, target.remaining());
        device.exclusively(() -> memory().read(offset, target));
    }

    /** As {@link #write(long, ByteBuffer)} for all of {@code source}, which may be larger than a buffer of the JDK. */
    public void write(long offset, HostMemory source) throws DeviceFault, InterruptedException {
        requireRange(offset, source.size());
        device.exclusively(() -> {
            long at = offset;
            for (ByteBuffer part : source.segments()) {
                int count = part.remaining();
                memory().write(at, part);
                touch(at, count);
                at += count;
            }
        });
    }

    /** As {@link #read(long, ByteBuffer)} for all of {@code target}, which may be larger than a buffer of the JDK. */
    public void read(long offset, HostMemory target) throws DeviceFault, InterruptedException {
        requireRange(offset, target.size());
        device.exclusively(() -> {
            long at = offset;
            for (ByteBuffer part : target.segments()) {
                int count = part.remaining();
                memory().read(at, part);
                at += count;
            }
        });
    }

    /**
     * Frees the memory. The buffer must not be used by commands any more. Does nothing the second time.
     *
     * @throws IllegalStateException if a command that is not done uses it
     */
    public void free() throws DeviceFault, InterruptedException {
        device.free(this);
    }

    Device device() {
        return device;
    }

    void requireRange(long offset, long count) {
        Objects.checkFromIndexSize(offset, count, bytes);
    }

    DeviceMemory memory() {
        DeviceMemory bound = memory;
        if (bound == null) {
            throw new IllegalStateException(this + " has been freed");
        }
        return bound;
    }

    void bind(@Nullable DeviceMemory bound) {
        memory = bound;
    }

    void touch() {
        touch(0, bytes);
    }

    void touch(long offset, long count) {
        version.incrementAndGet();
        if (count > 0 && !isTransient) {
            dirty.set((int) (offset / Chunk.BYTES), (int) ((offset + count - 1) / Chunk.BYTES) + 1);
        }
    }

    /** The first chunk from {@code from} on that must be saved, or -1. */
    int nextDirty(int from) {
        return dirty.nextSetBit(from);
    }

    void save(int chunk) throws DeviceFault {
        long offset = (long) chunk * Chunk.BYTES;
        byte[] content = new byte[(int) Math.min(Chunk.BYTES, bytes - offset)];
        memory().read(offset, ByteBuffer.wrap(content));
        Chunk last = saved[chunk];
        // What was written is often what was there; then images keep the chunk that they have.
        saved[chunk] = last != null && last.holds(content) ? last : Chunk.of(content);
        dirty.clear(chunk);
    }

    void saveAll() throws DeviceFault {
        for (int chunk = nextDirty(0); chunk >= 0; chunk = nextDirty(chunk + 1)) {
            save(chunk);
        }
    }

    /** Writes what was saved to memory of another device. */
    void copyTo(DeviceMemory target) throws DeviceFault {
        for (int i = 0; i < saved.length; i++) {
            target.write((long) i * Chunk.BYTES, savedChunk(i).content());
        }
    }

    /** Makes a transient buffer zero, as it is after every move. */
    void forgetTransient() throws DeviceFault {
        if (isTransient) {
            ByteBuffer zeroes = ByteBuffer.allocate((int) Math.min(Chunk.BYTES, bytes));
            for (long at = 0; at < bytes; at += zeroes.capacity()) {
                memory().write(at, zeroes.clear().limit((int) Math.min(zeroes.capacity(), bytes - at)));
            }
        }
    }

    private Chunk savedChunk(int index) {
        Chunk chunk = saved[index];
        if (chunk == null) {
            throw new IllegalStateException("chunk " + index + " of " + this + " was never saved");
        }
        return chunk;
    }

    BufferState state() {
        Chunk[] chunks = new Chunk[saved.length];
        Arrays.setAll(chunks, this::savedChunk);
        return new BufferState(name, bytes, isTransient, Arrays.asList(chunks));
    }

    @Override
    public String toString() {
        return "buffer " + name;
    }
}
