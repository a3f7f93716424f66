package dev.ingot.core.jdk.collection;

import dev.ingot.core.jdk.access.Slot;

/** The direction in which this JVM iterates over immutable sets and maps. */
final class Direction {
    private static final Slot REVERSE = Slot.of("java.util.ImmutableCollections", "REVERSE");

    private Direction() {}

    static boolean isReverse() {
        return REVERSE.getBoolean(null);
    }
}
