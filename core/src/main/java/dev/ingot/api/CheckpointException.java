package dev.ingot.api;

import java.util.List;

/**
 * A checkpoint that was not taken, or after which hooks failed. What hooks threw are suppressed exceptions. The program is
 * unharmed either way.
 */
public final class CheckpointException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<PinnedThread> pins;
    private final boolean taken;

    CheckpointException(String message, List<PinnedThread> pins, boolean taken) {
        super(message);
        this.pins = List.copyOf(pins);
        this.taken = taken;
    }

    /** The threads that could not be captured; empty if something else was in the way. */
    public List<PinnedThread> pins() {
        return pins;
    }

    /** Whether there is an image and only hooks after it failed. */
    public boolean wasTaken() {
        return taken;
    }
}
