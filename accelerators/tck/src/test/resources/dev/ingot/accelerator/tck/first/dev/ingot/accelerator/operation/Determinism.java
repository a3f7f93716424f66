package dev.ingot.accelerator.operation;

/** How far the results of an operation agree, the strongest first. */
public enum Determinism {
    /** The same bits on every device that has the operation. */
    BITWISE_ANY_KIND,
    /** The same bits on devices of one kind. */
    BITWISE_SAME_KIND,
    /** The same bits on one build of one device. */
    BITWISE_SAME_BUILD,
    /** Within a tolerance. */
    TOLERANCE,
    /** Nothing is promised. */
    NONE;

    /** Whether this promises at least as much as {@code other}. */
    public boolean isAtLeast(Determinism other) {
        return compareTo(other) <= 0;
    }
}
