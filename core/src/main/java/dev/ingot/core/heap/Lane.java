package dev.ingot.core.heap;

import static dev.ingot.core.jvm.Memory.BYTE_BASE;
import static dev.ingot.core.jvm.Memory.LITTLE_ENDIAN;
import static dev.ingot.core.jvm.Memory.UNSAFE;

import dev.ingot.core.jvm.Memory;
import dev.ingot.core.jvm.StringAccess;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** A growing buffer of little-endian numbers, the payload of chunks to come. */
final class Lane {
    private final byte kind;
    private byte[] bytes;
    private int size;
    private long flushed;

    Lane(byte kind, int capacity) {
        this.kind = kind;
        this.bytes = new byte[capacity];
    }

    int size() {
        return size;
    }

    void octet(int value) {
        ensure(1);
        bytes[size++] = (byte) value;
    }

    /** An unsigned number, seven bits a byte, low bits first. */
    void number(int value) {
        unsigned(value);
    }

    void fixed(int value) {
        ensure(Integer.BYTES);
        UNSAFE.putInt(bytes, BYTE_BASE + size, LITTLE_ENDIAN ? value : Integer.reverseBytes(value));
        size += Integer.BYTES;
    }

    void fixedLong(long value) {
        ensure(Long.BYTES);
        UNSAFE.putLong(bytes, BYTE_BASE + size, LITTLE_ENDIAN ? value : Long.reverseBytes(value));
        size += Long.BYTES;
    }

    void blob(byte[] blob) {
        number(blob.length);
        elements(blob, 0, blob.length, 0);
    }

    /** Length in bytes and coder in one number, then the characters. */
    void text(String text) {
        byte[] content = StringAccess.bytes(text);
        int coder = StringAccess.coder(text);
        fixed(content.length);
        octet(coder);
        elements(content, 0, content.length, coder);
    }

    /** The bytes of primitive array elements, from {@code from} on. */
    void elements(Object array, long from, int length, int elementShift) {
        ensure(length);
        long start = Memory.arrayBase(array.getClass()) + from;
        Memory.copyElements(array, start, bytes, BYTE_BASE + size, length, elementShift);
        size += length;
    }

    /** The primitive fields of {@code object}. */
    void fields(Object object, PrimitiveFields fields) {
        ensure(fields.bytes());
        fields.copyOut(object, bytes, size);
        size += fields.bytes();
    }

    /** A number that may be negative; small ones of either sign are short. */
    void signed(int value) {
        unsigned(value << 1 ^ value >> 31);
    }

    private void unsigned(int value) {
        ensure(5);
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    /** Takes back what lies behind the first {@code length} bytes. */
    void cut(int length) {
        size = length;
    }

    /** Of what lies behind the first {@code from} bytes. */
    long fingerprint(int from, long kind) {
        return Fingerprint.of(bytes, BYTE_BASE + from, size - from, kind);
    }

    /** All bytes that became part of a chunk. */
    long flushed() {
        return flushed;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    /** Writes what has gathered as one chunk and starts anew. */
    void flush(OutputStream out) throws IOException {
        if (size > 0) {
            int length = size;
            announce(length, out);
            out.write(bytes, 0, length);
            size = 0;
        }
    }

    /** Writes what has gathered as the beginning of a chunk that has {@code more} bytes which do not go through this lane. */
    void flushInto(int more, OutputStream out) throws IOException {
        announce(size + more, out);
        out.write(bytes, 0, size);
        size = 0;
    }

    private void announce(int length, OutputStream out) throws IOException {
        byte[] header = new byte[HeapStream.CHUNK_HEADER];
        header[0] = kind;
        UNSAFE.putInt(header, BYTE_BASE + 1, LITTLE_ENDIAN ? length : Integer.reverseBytes(length));
        out.write(header);
        flushed += length;
    }

    private void ensure(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.addExact(Math.max(bytes.length, more), size));
        }
    }
}
