package io.netty.buffer;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Stands in for Netty's class of the name, with its fields. */
public final class UnpooledUnsafeDirectByteBuf {
    @Nullable ByteBuffer buffer;

    long memoryAddress;

    /** A buffer over another one, with the address it has noted. */
    public UnpooledUnsafeDirectByteBuf(@Nullable ByteBuffer buffer, long memoryAddress) {
        this.buffer = buffer;
        this.memoryAddress = memoryAddress;
    }

    public long memoryAddress() {
        return memoryAddress;
    }
}
