package dev.ingot.scheduler.pool;

/**
 * How far a node has come with one epoch of a workload: STARTING -> RUNNING -> SUSPENDED | EXITED, or at once to the end; where it was to
 * be prepared, STARTING -> PREPARED -> STARTING before that.
 */
public enum Phase {
    /** The process is being started, or reads its image. */
    STARTING,
    /** The process waits for its image. */
    PREPARED,
    /** The program runs. */
    RUNNING,
    /** The process has ended and left an image to go on from. */
    SUSPENDED,
    /** The process has ended, or could not be started. */
    EXITED
}
