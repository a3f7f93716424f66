package org.agrona;

import org.jspecify.annotations.Nullable;

/** Stands in for Agrona's class of the name, with its fields. */
public abstract class AbstractMutableDirectBuffer {
    protected byte @Nullable [] byteArray;
    protected long addressOffset;
    protected int capacity;

    protected AbstractMutableDirectBuffer(byte @Nullable [] byteArray, long addressOffset, int capacity) {
        this.byteArray = byteArray;
        this.addressOffset = addressOffset;
        this.capacity = capacity;
    }

    public long addressOffset() {
        return addressOffset;
    }

    public int capacity() {
        return capacity;
    }
}
