package dev.ingot.scheduler.pool;

/** How strong a workload's claim on the pool is, strongest first. A tier takes room from weaker ones by suspending them. */
public enum Tier {
    /** Runs at once wherever room can be made. */
    PREMIUM,
    /** Runs on what Premium leaves. */
    STANDARD,
    /** Runs on what is idle, and is suspended first. */
    BASIC;

    boolean mayTakeRoomOf(Tier other) {
        return compareTo(other) < 0;
    }
}
