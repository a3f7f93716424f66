package dev.ingot.accelerator.operation;

import java.util.Arrays;
import java.util.Locale;

/** How far the results of an operation agree, the strongest first. */
public enum Determinism {
    /** The same bits on every device that has the operation. */
    BITWISE_ANY_KIND,
    /** The same bits on devices of one kind. */
    BITWISE_SAME_KIND,
    /** The same bits on one build of one device. */
    BITWISE_SAME_BUILD,
    /** Within a {@link Tolerance} of the contract, which the device declares. */
    TOLERANCE,
    /** Nothing is promised. */
    NONE;

    /** Whether this promises at least as much as {@code other}. */
    public boolean isAtLeast(Determinism other) {
        return compareTo(other) <= 0;
    }

    /** As options name it, such as {@code bitwise-same-build}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The promise of this name.
     *
     * @throws IllegalArgumentException if there is none; the message names all
     */
    public static Determinism named(String text) {
        for (Determinism each : values()) {
            if (each.text().equals(text)) {
                return each;
            }
        }
        throw new IllegalArgumentException("'" + text + "' is no promise about results; they are "
                + Arrays.stream(values()).map(Determinism::text).toList());
    }
}
