package dev.ingot.scheduler.pool;

import java.util.EnumSet;
import java.util.Set;

/**
 * Where a workload is in its life.
 *
 * <pre>
 *                  .------------------------------------------.
 *                  v                                           \
 *   (submit) -> QUEUED -> STARTING -> RUNNING <-> SUSPENDING ---+
 *               ^    \        \          \            |        /
 *               |     v        \----------\-----------+-> DONE | FAILED
 *              HELD <-----------------------------'
 *
 *   QUEUED, HELD -> CANCELLED;  STARTING, RUNNING, SUSPENDING -> CANCELLING -> CANCELLED | DONE | FAILED
 *   STARTING, RUNNING, SUSPENDING -> QUEUED | HELD   when the node is lost or the program crashes
 *   QUEUED -> STARTING | RUNNING                     when a lost node is heard again before it has started elsewhere
 *   FAILED -> QUEUED                                 when a user has it resumed from its image
 * </pre>
 */
public enum WorkloadState {
    /** Waits for room; goes on from its image if it has one. */
    QUEUED,
    /** Its node was told to start or resume it. */
    STARTING,
    /** Runs. */
    RUNNING,
    /** Its node was told to suspend it. */
    SUSPENDING,
    /** Suspended because somebody asked for it; stays so until somebody asks again. */
    HELD,
    /** Its node was told to end it. */
    CANCELLING,
    /** Ended by itself with exit code 0. */
    DONE,
    /** Ended with another exit code, or could not be run. */
    FAILED,
    /** Ended because somebody asked for it. */
    CANCELLED;

    /** Whether a node may be running it, so that its room there is taken. */
    public boolean isPlaced() {
        return switch (this) {
            case STARTING, RUNNING, SUSPENDING, CANCELLING -> true;
            case QUEUED, HELD, DONE, FAILED, CANCELLED -> false;
        };
    }

    /** Whether its room is about to become free. */
    boolean isLeaving() {
        return this == SUSPENDING || this == CANCELLING;
    }

    /** Whether it has come to an end. */
    public boolean isEnded() {
        return switch (this) {
            case DONE, FAILED, CANCELLED -> true;
            case QUEUED, STARTING, RUNNING, SUSPENDING, HELD, CANCELLING -> false;
        };
    }

    boolean mayBecome(WorkloadState next) {
        return successors().contains(next);
    }

    private Set<WorkloadState> successors() {
        return switch (this) {
            case QUEUED -> EnumSet.of(STARTING, RUNNING, HELD, CANCELLED);
            case STARTING -> EnumSet.of(RUNNING, SUSPENDING, QUEUED, HELD, CANCELLING, DONE, FAILED);
            case RUNNING -> EnumSet.of(SUSPENDING, QUEUED, HELD, CANCELLING, DONE, FAILED);
            case SUSPENDING -> EnumSet.of(RUNNING, QUEUED, HELD, CANCELLING, DONE, FAILED);
            case HELD -> EnumSet.of(QUEUED, CANCELLED);
            case CANCELLING -> EnumSet.of(CANCELLED, DONE, FAILED);
            case FAILED -> EnumSet.of(QUEUED);
            case DONE, CANCELLED -> EnumSet.noneOf(WorkloadState.class);
        };
    }
}
