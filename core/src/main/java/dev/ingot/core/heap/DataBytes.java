package dev.ingot.core.heap;

import static dev.ingot.core.jvm.Memory.BYTE_BASE;
import static dev.ingot.core.jvm.Memory.LITTLE_ENDIAN;
import static dev.ingot.core.jvm.Memory.UNSAFE;

import dev.ingot.core.jvm.Memory;
import java.io.IOException;
import java.util.Arrays;

/** The data lane as one run of bytes, fetched chunk by chunk. */
final class DataBytes {
    private final Source source;
    private byte[] buffer = new byte[0];
    private int position;

    DataBytes(Source source) {
        this.source = source;
    }

    /** Where the next bytes come from. */
    @FunctionalInterface
    interface Source {
        /** The payload of the next data chunk, never empty. */
        byte[] next() throws IOException, NotRestorableException;
    }

    /** Takes a chunk; all before it must have been used. */
    void offer(byte[] payload) {
        buffer = payload;
        position = 0;
    }

    boolean isEmpty() {
        return position == buffer.length;
    }

    byte[] buffer() {
        return buffer;
    }

    /** Takes {@code bytes} bytes; the position in {@link #buffer} at which they start. */
    int take(int bytes) throws IOException, NotRestorableException {
        while (buffer.length - position < bytes) {
            byte[] rest = Arrays.copyOfRange(buffer, position, buffer.length);
            byte[] next = source.next();
            buffer = Arrays.copyOf(rest, Math.addExact(rest.length, next.length));
            System.arraycopy(next, 0, buffer, rest.length, next.length);
            position = 0;
        }
        int start = position;
        position += bytes;
        return start;
    }

    int octet() throws IOException, NotRestorableException {
        int start = take(1);
        return buffer[start];
    }

    int fixed() throws IOException, NotRestorableException {
        int start = take(Integer.BYTES);
        return fixedAt(start);
    }

    int fixedAt(int start) {
        int value = UNSAFE.getInt(buffer, BYTE_BASE + start);
        return LITTLE_ENDIAN ? value : Integer.reverseBytes(value);
    }

    /** Fills a primitive array. */
    void elements(Object array, long bytes, int elementShift) throws IOException, NotRestorableException {
        long base = Memory.arrayBase(array.getClass());
        long done = 0;
        while (done < bytes) {
            int ready = (buffer.length - position) & -(1 << elementShift);
            int part = (int) Math.min(bytes - done, ready == 0 ? 1L << elementShift : ready);
            int start = take(part);
            Memory.copyElements(buffer, BYTE_BASE + start, array, base + done, part, elementShift);
            done += part;
        }
    }

    /** A new array of bytes; grows only as they arrive. */
    byte[] copy(int bytes, int elementShift) throws IOException, NotRestorableException {
        byte[] copy = new byte[Math.min(bytes, HeapStream.DATA_CHUNK)];
        int done = 0;
        while (true) {
            int ready = Math.max((buffer.length - position) & -(1 << elementShift), 1 << elementShift);
            int part = Math.min(copy.length - done, ready);
            int start = take(part);
            Memory.copyElements(buffer, BYTE_BASE + start, copy, BYTE_BASE + done, part, elementShift);
            done += part;
            if (done == bytes) {
                return copy;
            }
            if (done == copy.length) {
                copy = Arrays.copyOf(copy, (int) Math.min(bytes, copy.length * 2L));
            }
        }
    }
}
