package dev.ingot.core.jdk.io;

import dev.ingot.core.jvm.Memory;

/**
 * A C structure in native memory.
 *
 * @param address where it begins
 */
record NativeStruct(long address) {

    int getInt(int offset) {
        return Memory.UNSAFE.getInt(address + offset);
    }

    void putInt(int offset, int value) {
        Memory.UNSAFE.putInt(address + offset, value);
    }

    long getLong(int offset) {
        return Memory.UNSAFE.getLong(address + offset);
    }

    void putLong(int offset, long value) {
        Memory.UNSAFE.putLong(address + offset, value);
    }

    byte[] bytes(int offset, int length) {
        return bytesAt(address + offset, length);
    }

    void putBytes(int offset, byte[] bytes, int length) {
        putBytesAt(address + offset, bytes, length);
    }

    NativeStruct at(int pointerOffset) {
        return new NativeStruct(getLong(pointerOffset));
    }

    static byte[] bytesAt(long address, int length) {
        byte[] bytes = new byte[length];
        Memory.UNSAFE.copyMemory(null, address, bytes, Memory.BYTE_BASE, length);
        return bytes;
    }

    /**
     * Copies {@code bytes} to memory of exactly {@code length}.
     *
     * @throws IllegalArgumentException if an image brings another number of bytes
     */
    static void putBytesAt(long address, byte[] bytes, int length) {
        if (bytes.length != length) {
            throw new IllegalArgumentException("expected " + length + " bytes of native state, found " + bytes.length);
        }
        Memory.UNSAFE.copyMemory(bytes, Memory.BYTE_BASE, null, address, bytes.length);
    }
}
