package dev.ingot.agent.observe;

import java.util.concurrent.atomic.LongAdder;

/** Counts woven classes and the time it took. Thread-safe; cheap enough for every class load. */
public final class WeavingTotals {
    private final LongAdder classes = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder nanos = new LongAdder();

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
        classes.increment();
        nanos.add(spentNanos);
    }

    /** A class was left as it was because weaving it failed. */
    public void failed(long spentNanos) {
        failures.increment();
        nanos.add(spentNanos);
    }

    /** The totals now. */
    public Snapshot snapshot() {
        return new Snapshot(classes.sum(), failures.sum(), nanos.sum());
    }
}
