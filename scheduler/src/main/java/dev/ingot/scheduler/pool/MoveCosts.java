package dev.ingot.scheduler.pool;

/**
 * What it costs to suspend a workload and let it go on elsewhere, in milliseconds, as measured in this pool. A workload that was moved
 * before costs what that took; another one what those that were took for each MiB. Confined to the core's writer.
 */
final class MoveCosts {
    /** Estimates until something was measured: a fixed part, and a part for each MiB. */
    private static final long FIXED_MILLIS = 500;

    private static final long BYTES_PER_MIB = 1 << 20;
    /** Suspensions in so many end in a crash, so that the work since the last image is lost: a presumption. */
    private static final long SUSPENSIONS_PER_CRASH = 100;

    private long measuredMillis;
    private long measuredMiB;

    MoveCosts() {}

    MoveCosts(long measuredMillis, long measuredMiB) {
        this.measuredMillis = measuredMillis;
        this.measuredMiB = measuredMiB;
    }

    long measuredMillis() {
        return measuredMillis;
    }

    long measuredMiB() {
        return measuredMiB;
    }

    /** A workload has been suspended, which took {@code millis} from the order to the report. */
    void suspended(Workload workload, long millis) {
        workload.suspendMillis = millis;
        measured(workload, millis);
    }

    /** A workload goes on from its image, which took {@code millis} from the order to the report: transfer, start and restore. */
    void resumed(Workload workload, long millis) {
        workload.resumeMillis = millis;
        measured(workload, millis);
    }

    private void measured(Workload workload, long millis) {
        measuredMillis += Math.max(0, millis - FIXED_MILLIS);
        measuredMiB += mebibytes(workload);
    }

    /** Suspension, transfer, restore, and what accelerators compute a second time at least. */
    long move(Workload workload) {
        long estimate = FIXED_MILLIS + mebibytes(workload) * measuredMillis / Math.max(1, measuredMiB);
        long suspend = workload.suspendMillis > 0 ? workload.suspendMillis : estimate;
        long resume = workload.resumeMillis > 0 ? workload.resumeMillis : estimate;
        return suspend + resume + workload.prospects().leastLostMillis();
    }

    /** All that is lost by suspending a running workload now, also the work that may be. */
    long preemption(Workload workload, long now) {
        long sinceImage = now - Math.max(workload.imageAt, workload.runningSince);
        return move(workload) + sinceImage / SUSPENSIONS_PER_CRASH;
    }

    /** What has to be written and read: its image where there is one, else all it may use. */
    private static long mebibytes(Workload workload) {
        ImageReference image = workload.image;
        return 1 + (image == null ? workload.needs().memoryMiB() : image.bytes() / BYTES_PER_MIB);
    }
}
