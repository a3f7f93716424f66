package dev.ingot.accelerator.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

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

    private HostMemory(long size, ByteBuffer[] segments) {
        this.size = size;
        this.segments = segments;
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
        ByteBuffer[] segments = new ByteBuffer[Math.toIntExact((size + SEGMENT - 1) >>> SEGMENT_SHIFT)];
        for (int i = 0; i < segments.length; i++) {
            long left = size - i * SEGMENT;
            segments[i] = ByteBuffer.allocate((int) Math.min(SEGMENT, left)).order(ByteOrder.LITTLE_ENDIAN);
        }
        return new HostMemory(size, segments);
    }

    /**
     * The content of a file, which other processes may share; the memory stays valid when the channel is closed.
     *
     * @param file open for reading and writing
     * @throws IOException if it could not be mapped
     */
    public static HostMemory map(FileChannel file) throws IOException {
        long size = file.size();
        ByteBuffer[] segments = new ByteBuffer[Math.toIntExact((size + SEGMENT - 1) >>> SEGMENT_SHIFT)];
        for (int i = 0; i < segments.length; i++) {
            long left = size - i * SEGMENT;
            segments[i] = file.map(FileChannel.MapMode.READ_WRITE, i * SEGMENT, Math.min(SEGMENT, left))
                    .order(ByteOrder.LITTLE_ENDIAN);
        }
        return new HostMemory(size, segments);
    }

    /** The memory itself, in pieces of {@link #LARGEST_SEGMENT} bytes, the last one being as short as it is. */
    public List<ByteBuffer> segments() {
        List<ByteBuffer> views = new ArrayList<>();
        for (ByteBuffer segment : segments) {
            views.add(segment.duplicate().order(ByteOrder.LITTLE_ENDIAN));
        }
        return views;
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
