package dev.ingot.scheduler.pool;

/**
 * How much of the time in which it wanted to run a workload did run, lately: what lies a half-life back counts half. Confined to the
 * core's writer.
 *
 * <p>Two decaying sums instead of a list of intervals, so that it takes two numbers however often the workload is suspended.
 */
final class Service {
    /** Parts of a whole in which shares are told. */
    static final int WHOLE = 1000;

    private final double halfLifeMillis;
    private double wanted;
    private double had;
    private long since;
    private boolean wants;
    private boolean runs;
    /** How long it ran before {@link #since}, in milliseconds. */
    private long ran;

    Service(long halfLifeMillis, long now) {
        this.halfLifeMillis = halfLifeMillis;
        this.since = now;
    }

    Service(long halfLifeMillis, ServiceSnapshot snapshot) {
        this.halfLifeMillis = halfLifeMillis;
        this.wanted = snapshot.wanted();
        this.had = snapshot.had();
        this.since = snapshot.since();
        this.wants = snapshot.wants();
        this.runs = snapshot.runs();
        this.ran = snapshot.ran();
    }

    ServiceSnapshot snapshot() {
        return new ServiceSnapshot(wanted, had, since, wants, runs, ran);
    }

    /** From {@code now} on it is as this state says. */
    void become(WorkloadState state, long now) {
        wanted = decayed(wanted, wants, now);
        had = decayed(had, runs, now);
        ran = ran(now);
        since = now;
        runs = state == WorkloadState.RUNNING;
        wants = runs
                || state == WorkloadState.QUEUED
                || state == WorkloadState.STARTING
                || state == WorkloadState.SUSPENDING;
    }

    /** How long it has run since it began, or since that was forgotten, in milliseconds. */
    long ran(long now) {
        return ran + (runs ? now - since : 0);
    }

    /** Of a workload that does not run: that it has run is forgotten. */
    void forget() {
        ran = 0;
    }

    private double decayed(double sum, boolean grows, long now) {
        double factor = Decay.factor(now - since, halfLifeMillis);
        return sum * factor + (grows ? 1 - factor : 0);
    }

    /** The share it had, in thousandths; all where it never wanted any. */
    int share(long now) {
        double total = decayed(wanted, wants, now);
        return total <= 0 ? WHOLE : (int) StrictMath.round(WHOLE * decayed(had, runs, now) / total);
    }
}
