package dev.ingot.scheduler.pool;

/** How strong a workload's claim on the pool is, strongest first. A tier takes room from weaker ones by suspending them. */
public enum Tier {
    /** Runs at once wherever room can be made. */
    PREMIUM(950),
    /** Runs on what Premium leaves. */
    STANDARD(700),
    /** Runs on what is idle, and is suspended first. */
    BASIC(0);

    private final int guarantee;

    Tier(int guarantee) {
        this.guarantee = guarantee;
    }

    /** Of the time in which it wants to run, what a workload is to run, in thousandths. */
    public int guarantee() {
        return guarantee;
    }

    boolean mayTakeRoomOf(Tier other) {
        return compareTo(other) < 0;
    }
}
