package dev.ingot.accelerator.operation;

/** What an operation does with an operand. */
public enum Access {
    /** Reads it. */
    READ,
    /** Writes it and never looks at what was there. */
    WRITE,
    /** Reads and writes it. */
    READ_WRITE;

    /** Whether the operand is another one afterwards. */
    public boolean writes() {
        return this != READ;
    }
}
