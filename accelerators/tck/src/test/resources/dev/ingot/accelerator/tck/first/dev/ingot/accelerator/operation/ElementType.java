package dev.ingot.accelerator.operation;

/** The type of the elements of an operand or of a scalar. */
public enum ElementType {
    /** Signed, 8 bits. */
    I8(1),
    /** Signed, 32 bits. */
    I32(4),
    /** Signed, 64 bits. */
    I64(8),
    /** IEEE 754, 32 bits. */
    F32(4);

    private final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    /** Size of one element. */
    public int bytes() {
        return bytes;
    }
}
