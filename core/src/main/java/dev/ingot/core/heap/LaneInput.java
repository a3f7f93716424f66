package dev.ingot.core.heap;

import static dev.ingot.core.jvm.Memory.BYTE_BASE;
import static dev.ingot.core.jvm.Memory.LITTLE_ENDIAN;
import static dev.ingot.core.jvm.Memory.UNSAFE;

import dev.ingot.core.jvm.Memory;
import dev.ingot.core.jvm.StringAccess;

/** Reads what a {@link Lane} wrote. Trusts nothing: every read is checked against what is there. */
final class LaneInput {
    private final byte[] bytes;
    private final int limit;
    private final long offset;
    private int position;

    /** @param offset where {@code bytes} lie in the stream, for messages */
    LaneInput(byte[] bytes, long offset) {
        this(bytes, bytes.length, offset);
    }

    /** The first {@code limit} of these bytes. */
    LaneInput(byte[] bytes, int limit, long offset) {
        this.bytes = bytes;
        this.limit = limit;
        this.offset = offset;
    }

    boolean hasMore() {
        return position < limit;
    }

    long offset() {
        return offset + position;
    }

    ImageFormatException damaged(String problem) {
        return new ImageFormatException(problem, offset());
    }

    int octet() throws ImageFormatException {
        require(1);
        return bytes[position++] & 0xff;
    }

    /** A number that is not negative. */
    int number() throws ImageFormatException {
        if (position < limit && bytes[position] >= 0) {
            return bytes[position++];
        }
        return longNumber();
    }

    private int longNumber() throws ImageFormatException {
        long value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int octet = octet();
            value |= (long) (octet & 0x7f) << shift;
            if (octet < 0x80) {
                if (value > Integer.MAX_VALUE) {
                    throw damaged("number " + value + " is too large");
                }
                return (int) value;
            }
        }
        throw damaged("a number has no end");
    }

    /** A number below {@code limit}. */
    int index(int limit, String what) throws ImageFormatException {
        int index = number();
        if (index >= limit) {
            throw damaged(what + ' ' + index + " does not exist, there are " + limit);
        }
        return index;
    }

    /** A number of which a {@link Lane#signed} says how it was written. */
    int signed() throws ImageFormatException {
        if (position < limit && bytes[position] >= 0) {
            int folded = bytes[position++];
            return folded >>> 1 ^ -(folded & 1);
        }
        long value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int octet = octet();
            value |= (long) (octet & 0x7f) << shift;
            if (octet < 0x80) {
                int folded = (int) value;
                return folded >>> 1 ^ -(folded & 1);
            }
        }
        throw damaged("a number has no end");
    }

    /** How many bytes are left. */
    int left() {
        return limit - position;
    }

    /** Passes over {@code more} bytes; where in {@link #buffer} they begin. */
    int take(int more) throws ImageFormatException {
        require(more);
        int start = position;
        position += more;
        return start;
    }

    /** The fixed number at a place of a {@link #buffer} that was passed over. */
    static int fixedAt(byte[] bytes, int start) {
        int value = UNSAFE.getInt(bytes, BYTE_BASE + start);
        return LITTLE_ENDIAN ? value : Integer.reverseBytes(value);
    }

    /** How many bytes have been read. */
    int position() {
        return position;
    }

    /** Goes on at a place in {@link #buffer} that is not before the present one, nor behind the end. */
    void skipTo(int place) {
        position = place;
    }

    /** Of what has been read from {@code from} on; the same as {@link Lane#fingerprint} where it was written. */
    long fingerprint(int from, long kind) {
        return Fingerprint.of(bytes, BYTE_BASE + from, position - from, kind);
    }

    /** Of all that is left. */
    long fingerprintOfRest(long kind) {
        return Fingerprint.of(bytes, BYTE_BASE + position, limit - position, kind);
    }

    byte[] buffer() {
        return bytes;
    }

    /** A copy of the bytes that follow. */
    byte[] copy(int length) throws ImageFormatException {
        int start = take(length);
        return java.util.Arrays.copyOfRange(bytes, start, start + length);
    }

    /** How many things of at least {@code minimumBytes} follow. */
    int count(int minimumBytes) throws ImageFormatException {
        int count = number();
        require((long) count * minimumBytes);
        return count;
    }

    int fixed() throws ImageFormatException {
        require(Integer.BYTES);
        int value = UNSAFE.getInt(bytes, BYTE_BASE + position);
        position += Integer.BYTES;
        return LITTLE_ENDIAN ? value : Integer.reverseBytes(value);
    }

    long fixedLong() throws ImageFormatException {
        require(Long.BYTES);
        long value = UNSAFE.getLong(bytes, BYTE_BASE + position);
        position += Long.BYTES;
        return LITTLE_ENDIAN ? value : Long.reverseBytes(value);
    }

    byte[] blob() throws ImageFormatException {
        byte[] blob = new byte[count(1)];
        elements(blob, blob.length, 0);
        return blob;
    }

    String text() throws ImageFormatException {
        int length = fixed();
        int coder = octet();
        if (length < 0 || coder > StringAccess.UTF16 || (length & coder) != 0) {
            throw damaged("no text has length " + length + " and coder " + coder);
        }
        require(length);
        byte[] content = new byte[length];
        elements(content, length, coder);
        String text = new String();
        StringAccess.fill(text, content, coder);
        return text;
    }

    /** Fills a primitive array of that many bytes. */
    void elements(Object array, int length, int elementShift) throws ImageFormatException {
        elements(array, 0, length, elementShift);
    }

    /** Fills that many bytes of a primitive array, from byte {@code from} on. */
    void elements(Object array, long from, int length, int elementShift) throws ImageFormatException {
        require(length);
        Memory.copyElements(
                bytes, BYTE_BASE + position, array, Memory.arrayBase(array.getClass()) + from, length, elementShift);
        position += length;
    }

    private void require(long more) throws ImageFormatException {
        if (more < 0 || more > limit - position) {
            throw damaged(more + " bytes are announced, " + (limit - position) + " are left");
        }
    }
}
