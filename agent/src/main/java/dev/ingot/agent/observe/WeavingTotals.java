package dev.ingot.agent.observe;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts woven classes and the time it took. Thread-safe; cheap enough for every class load, and without anything that could load
 * another class meanwhile, as adders do when threads contend.
 */
public final class WeavingTotals {
    private final AtomicLong classes = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong nanos = new AtomicLong();

    /**
     * The totals at one moment.
     *
     * @param classes woven
     * @param failures classes left as they were because weaving failed
     * @param nanos spent on both
     */
    public record Snapshot(long classes, long failures, long nanos) {}

    WeavingTotals() {}

    /** A class was woven. */
    public void wove(long spentNanos) {
        classes.incrementAndGet();
        nanos.addAndGet(spentNanos);
    }

    /** A class was left as it was because weaving it failed. */
    public void failed(long spentNanos) {
        failures.incrementAndGet();
        nanos.addAndGet(spentNanos);
    }

    /** The totals now. */
    public Snapshot snapshot() {
        return new Snapshot(classes.get(), failures.get(), nanos.get());
    }
}
