package dev.ingot.scheduler.pool;

/**
 * How well reservations are kept: of what workloads covered by one were due while they wanted to run, how much they did not get after more than a
 * few seconds. Each counts as much as its dominant share of the pool. Confined to the core's writer; a restored pool begins anew.
 */
final class Guarantee {
    private static final long GRACE_MILLIS = 5000;

    private final Shares shares;
    private double due;
    private double late;

    Guarantee(Shares shares) {
        this.shares = shares;
    }

    /** A workload's state, or its standing, has changed. */
    void update(long now, Workload workload) {
        settle(now, workload);
        boolean wants = switch (workload.state) {
            case QUEUED, STARTING, RUNNING, SUSPENDING -> true;
            case HELD, CANCELLING, DONE, FAILED, CANCELLED -> false;
        };
        boolean isDue = wants && workload.standing == Tier.PREMIUM;
        boolean waits = isDue && workload.state != WorkloadState.RUNNING;
        workload.dueSince = isDue ? now : Workload.NEVER;
        if (!waits) {
            workload.waitsSince = Workload.NEVER;
        } else if (workload.waitsSince == Workload.NEVER) {
            workload.waitsSince = now;
        }
    }

    private void settle(long now, Workload workload) {
        if (workload.dueSince == Workload.NEVER) {
            return;
        }
        double share = shares.share(workload.spec.needs());
        due += share * (now - workload.dueSince);
        if (workload.waitsSince != Workload.NEVER) {
            long from = Math.max(workload.dueSince, workload.waitsSince + GRACE_MILLIS);
            late += share * Math.max(0, now - from);
        }
    }

    /** The part that was kept of what was due until now; 1 where nothing was. */
    double kept() {
        return due == 0 ? 1 : 1 - late / due;
    }
}
