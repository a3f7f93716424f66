package dev.ingot.accelerator.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A block of the host's memory with a long size, little-endian.
 *
 * <p>Positions are in bytes. An element must lie at a multiple of its own size. Concurrent access is as for arrays: what one
 * thread writes another sees after synchronisation between them.
 */
public final class HostMemory {
    /** A power of two, so that no aligned element lies across two segments. */
    private static final int SEGMENT_SHIFT = 30;

    private static final long SEGMENT = 1L << SEGMENT_SHIFT;

    /** What {@link #segments} hold at most, in bytes. */
    public static final long LARGEST_SEGMENT = SEGMENT;

    private static final int OFFSET = (int) (SEGMENT - 1);

    private final long size;
    private final ByteBuffer[] segments;
    /** The same in one piece, or null where it is not in one piece. */
    private final @Nullable Object whole;

    private HostMemory(long size, ByteBuffer[] segments, @Nullable Object whole) {
        this.size = size;
        this.segments = segments;
        this.whole = whole;
    }

    /**
     * Allocates {@code size} bytes on the heap, all zero.
     *
     * @throws IllegalArgumentException if the size is negative
     * @throws OutOfMemoryError if the heap is too small
     */
    public static HostMemory allocate(long size) {
        if (size < 0) {
            throw new IllegalArgumentException("cannot allocate " + size + " bytes");
        }
        return new HostMemory(size, parts(size, (from, count) -> ByteBuffer.allocate(count)), null);
    }

    /**
     * Memory that the program has already; what is written here is written there.
     *
     * @param memory a {@code ByteBuffer}, all of it whatever its position, or, on JDK 22 or later, a {@code java.lang.foreign.MemorySegment}
     *     that is native or of an array of bytes
     * @throws IllegalArgumentException if it is neither
     */
    public static HostMemory over(Object memory) {
        if (memory instanceof ByteBuffer buffer) {
            return new HostMemory(
                    buffer.capacity(),
                    parts(buffer.capacity(), (from, count) -> buffer.slice((int) from, count)),
                    ForeignMemory.of(buffer));
        }
        ByteBuffer[] parts = ForeignMemory.parts(memory, SEGMENT);
        if (parts == null) {
            throw new IllegalArgumentException(memory.getClass().getName() + " is no memory on JDK "
                    + Runtime.version().feature());
        }
        long size = 0;
        for (ByteBuffer part : parts) {
            part.order(ByteOrder.LITTLE_ENDIAN);
            size += part.capacity();
        }
        return new HostMemory(size, parts, memory);
    }

    /** Where a segment comes from. */
    private interface Parts<X extends Exception> {
        ByteBuffer part(long from, int count) throws X;
    }

    private static <X extends Exception> ByteBuffer[] parts(long size, Parts<X> source) throws X {
        ByteBuffer[] segments = new ByteBuffer[Math.toIntExact((size + SEGMENT - 1) >>> SEGMENT_SHIFT)];
        for (int i = 0; i < segments.length; i++) {
            segments[i] = source.part(i * SEGMENT, (int) Math.min(SEGMENT, size - i * SEGMENT))
                    .order(ByteOrder.LITTLE_ENDIAN);
        }
        return segments;
    }

    /**
     * The content of a file, which other processes may share; the memory stays valid when the channel is closed.
     *
     * @param file open for reading and writing
     * @throws IOException if it could not be mapped
     */
    public static HostMemory map(FileChannel file) throws IOException {
        long size = file.size();
        Object whole = ForeignMemory.map(file, size);
        return whole == null
                ? new HostMemory(
                        size, parts(size, (from, count) -> file.map(FileChannel.MapMode.READ_WRITE, from, count)), null)
                : over(whole);
    }

    /** The memory itself, in pieces of {@link #LARGEST_SEGMENT} bytes, the last one being as short as it is. */
    public List<ByteBuffer> segments() {
        List<ByteBuffer> views = new ArrayList<>();
        for (ByteBuffer segment : segments) {
            views.add(segment.duplicate().order(ByteOrder.LITTLE_ENDIAN));
        }
        return views;
    }

    /**
     * The same memory as another type has it: a {@code ByteBuffer} of 1 GiB at most, little-endian, and on JDK 22 or later a {@code
     * java.lang.foreign.MemorySegment}, of any size. Empty where that is not to be had: memory on the heap of more than 1 GiB is not in one
     * piece.
     */
    public <T> Optional<T> as(Class<T> type) {
        if (segments.length == 1 && type == ByteBuffer.class) {
            return Optional.of(type.cast(segments().get(0)));
        }
        Object one = whole == null && segments.length == 1 ? ForeignMemory.of(segments[0]) : whole;
        return type.isInstance(one) ? Optional.of(type.cast(one)) : Optional.empty();
    }

    /** Whether a part of at least one byte lies in one of the {@link #segments}. */
    public boolean isInSegment(long position, long count) {
        return position >>> SEGMENT_SHIFT == (position + count - 1) >>> SEGMENT_SHIFT;
    }

    /** In bytes. */
    public long size() {
        return size;
    }

    /** The byte at {@code position}. */
    public byte getByte(long position) {
        return segment(position).get(offset(position));
    }

    /** Sets the byte at {@code position}. */
    public void putByte(long position, byte value) {
        segment(position).put(offset(position), value);
    }

    /** The int at {@code position}. */
    public int getInt(long position) {
        return segment(position).getInt(offset(position));
    }

    /** Sets the int at {@code position}. */
    public void putInt(long position, int value) {
        segment(position).putInt(offset(position), value);
    }

    /** The long at {@code position}. */
    public long getLong(long position) {
        return segment(position).getLong(offset(position));
    }

    /** Sets the long at {@code position}. */
    public void putLong(long position, long value) {
        segment(position).putLong(offset(position), value);
    }

    /** The float at {@code position}. */
    public float getFloat(long position) {
        return segment(position).getFloat(offset(position));
    }

    /** Sets the float at {@code position}. */
    public void putFloat(long position, float value) {
        segment(position).putFloat(offset(position), value);
    }

    /** Fills {@code target} with the floats from {@code position} on. */
    public void getFloats(long position, float[] target) {
        int done = 0;
        while (done < target.length) {
            FloatBuffer floats = floats(position + 4L * done, target.length - done);
            int count = floats.remaining();
            floats.get(target, done, count);
            done += count;
        }
    }

    /** Writes all of {@code source} from {@code position} on. */
    public void putFloats(long position, float[] source) {
        int done = 0;
        while (done < source.length) {
            FloatBuffer floats = floats(position + 4L * done, source.length - done);
            int count = floats.remaining();
            floats.put(source, done, count);
            done += count;
        }
    }

    /** As many of {@code most} floats from {@code position} on as lie in one segment. */
    private FloatBuffer floats(long position, int most) {
        int count = (int) Math.min(most, (SEGMENT - (position & OFFSET)) / 4);
        return segment(position)
                .slice(offset(position), 4 * count)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
    }

    /** Copies the remaining bytes of {@code source} to {@code position} and on. */
    public void write(long position, ByteBuffer source) {
        Objects.checkFromIndexSize(position, (long) source.remaining(), size);
        long at = position;
        while (source.hasRemaining()) {
            ByteBuffer segment = segment(at);
            int count = (int) Math.min(source.remaining(), SEGMENT - (at & OFFSET));
            segment.put(offset(at), source, source.position(), count);
            source.position(source.position() + count);
            at += count;
        }
    }

    /** Fills what remains of {@code target} with the bytes from {@code position} on. */
    public void read(long position, ByteBuffer target) {
        Objects.checkFromIndexSize(position, (long) target.remaining(), size);
        long at = position;
        while (target.hasRemaining()) {
            ByteBuffer segment = segment(at);
            int count = (int) Math.min(target.remaining(), SEGMENT - (at & OFFSET));
            target.put(target.position(), segment, offset(at), count);
            target.position(target.position() + count);
            at += count;
        }
    }

    private ByteBuffer segment(long position) {
        return segments[(int) (position >>> SEGMENT_SHIFT)];
    }

    private static int offset(long position) {
        return (int) position & OFFSET;
    }
}
