package dev.ingot.core.foreign;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.jdk.io.LibraryAddresses;
import dev.ingot.core.jvm.Memory;
import jdk.internal.misc.Unsafe;

/** The content of native memory that an object owns. */
final class NativeBlocks {
    private static final Unsafe UNSAFE = Unsafe.getUnsafe();

    private NativeBlocks() {}

    /**
     * The bytes of {@code size} at {@code address}, which nothing writes.
     *
     * @throws NotCapturableException if one of the words in it is an address, which would lead nowhere in another process
     */
    static byte[] read(Object owner, long address, long size) throws NotCapturableException {
        LibraryAddresses memory = new LibraryAddresses();
        for (long at = address; at + Long.BYTES <= address + size; at += Long.BYTES) {
            if (memory.isAddress(UNSAFE.getLong(at))) {
                throw new NotCapturableException("cannot carry a "
                        + owner.getClass().getName() + ": the "
                        + size + " bytes of native memory that it stands for hold the address of other native memory;"
                        + " release it before the checkpoint");
            }
        }
        byte[] content = new byte[Math.toIntExact(size)];
        UNSAFE.copyMemory(null, address, content, Memory.arrayBase(byte[].class), size);
        return content;
    }

    static void write(byte[] content, long address) {
        UNSAFE.copyMemory(content, Memory.arrayBase(byte[].class), null, address, content.length);
    }
}
