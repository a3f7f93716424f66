package dev.ingot.scheduler.pool;

/** What changes how far a node is trusted; {@link HealthState#on} says how. */
enum HealthSignal {
    /** A probe has found something. */
    FOUND,
    /** Nothing has been found for long enough. */
    CLEARED,
    /** What a probe of the node has found stays, or comes back. */
    PERSISTED,
    /** It was lost, or programs failed on it, too often. */
    FAILED,
    /** Its time is over, and nothing is found. */
    OVER,
    /** It is lost, so nobody probes it. */
    LOST,
    /** A user says that it is to be trusted. */
    PARDONED
}
