package org.agrona.concurrent;

import java.nio.ByteBuffer;
import org.agrona.AbstractMutableDirectBuffer;
import org.jspecify.annotations.Nullable;

/** Stands in for Agrona's class of the name, with its fields. */
public final class UnsafeBuffer extends AbstractMutableDirectBuffer {
    @Nullable ByteBuffer byteBuffer;

    /** A buffer over an array, another buffer or memory, with the offset or address it has noted. */
    public UnsafeBuffer(
            byte @Nullable [] byteArray, @Nullable ByteBuffer byteBuffer, long addressOffset, int capacity) {
        super(byteArray, addressOffset, capacity);
        this.byteBuffer = byteBuffer;
    }
}
