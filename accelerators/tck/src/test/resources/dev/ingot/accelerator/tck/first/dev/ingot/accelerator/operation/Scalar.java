package dev.ingot.accelerator.operation;

/** A number that an operation takes, the same for all of its items. */
public record Scalar(String name, ElementType type) {
    public Scalar {
        if (type != ElementType.I64 && type != ElementType.F32) {
            throw new IllegalArgumentException("scalar " + name + " cannot be " + type + "; use I64 or F32");
        }
    }
}
