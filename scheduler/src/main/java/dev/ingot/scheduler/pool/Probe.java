package dev.ingot.scheduler.pool;

import java.util.Locale;

/** What looks after a node, and may find something that speaks against it. */
public enum Probe {
    /** The pool itself: whether the node is heard in time. Whoever is not heard at all is lost, which counts by itself. */
    HEARTBEAT,
    /** How soon the node's disk has kept something, gives it back, and how much room it has. */
    DISK,
    /** How much memory is left, and for how long processes wait for it. */
    MEMORY,
    /** Whether the node's clock says what the pool's does, and does not jump. */
    CLOCK,
    /** How long a little work takes, beside what it took before. */
    SPEED;

    /** As people write it, such as {@code disk}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
