package dev.ingot.core.foreign;

import dev.ingot.core.jdk.access.Slot;
import java.nio.Buffer;
import java.nio.ByteBuffer;

/** Where the memory of a direct buffer lies. Loaded at the first buffer met. */
final class BufferAddress {
    private static final Slot ADDRESS = Slot.of(Buffer.class, "address");

    private BufferAddress() {}

    static long of(ByteBuffer buffer) {
        return ADDRESS.getLong(buffer);
    }
}
