package dev.ingot.agent.observe;

import java.util.Locale;

/** A part of a checkpoint. */
public enum CheckpointPhase {
    /** Hooks of the program prepare; the program runs. */
    HOOKS(false),
    /** Threads come to a stop and leave their stacks. */
    STOP(true),
    /** The heap is walked and copied. */
    WRITE(true),
    /** The image is compressed, written, made complete and named; the program runs, unless it is being suspended. */
    COMMIT(false),
    /** Threads build their stacks again. */
    REBUILD(true),
    /** Hooks of the program recover; the program runs. */
    HOOKS_AFTER(false);

    private final boolean pausing;

    CheckpointPhase(boolean pausing) {
        this.pausing = pausing;
    }

    /** Whether program threads stand still. */
    boolean isPausing() {
        return pausing;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
