package dev.ingot.scheduler.pool;

/**
 * The numbers that decisions depend on. A pool keeps them for life, because its journal means the same only with the same ones.
 *
 * @param patienceMillis after this long in the queue, the first workload that fits nowhere keeps a node free for itself
 * @param minimumRunMillis a workload is not preempted before it has run this long
 * @param retryMillis a workload that could not be suspended is left alone this long
 * @param mostFailures how often in a row a crash is gone on from without a new image
 */
public record Policy(long patienceMillis, long minimumRunMillis, long retryMillis, int mostFailures) {
    /** For pools of real nodes. */
    public static final Policy USUAL = new Policy(60_000, 0, 5_000, 5);
}
