package dev.ingot.accelerator.memory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * A block of the host's memory with a long size, little-endian, zero at first.
 *
 * <p>Positions are in bytes. An element must lie at a multiple of its own size. Concurrent access is as for arrays: what one
 * thread writes another sees after synchronisation between them.
 */
public final class HostMemory {
    /** A power of two, so that no aligned element lies across two segments. */
    private static final int SEGMENT_SHIFT = 28;

    private static final long SEGMENT = 1L << SEGMENT_SHIFT;
    private static final int OFFSET = (int) (SEGMENT - 1);

    private final long size;
    private final ByteBuffer[] segments;

    private HostMemory(long size, ByteBuffer[] segments) {
        this.size = size;
        this.segments = segments;
    }

    /**
     * Allocates {@code size} bytes on the heap.
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
            long at = position + 4L * done;
            int count = (int) Math.min(target.length - done, (SEGMENT - (at & OFFSET)) / 4);
            segment(at)
                    .slice(offset(at), 4 * count)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(target, done, count);
            done += count;
        }
    }

    /** Writes all of {@code source} from {@code position} on. */
    public void putFloats(long position, float[] source) {
        int done = 0;
        while (done < source.length) {
            long at = position + 4L * done;
            int count = (int) Math.min(source.length - done, (SEGMENT - (at & OFFSET)) / 4);
            segment(at)
                    .slice(offset(at), 4 * count)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .put(source, done, count);
            done += count;
        }
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
