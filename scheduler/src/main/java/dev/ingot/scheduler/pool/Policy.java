package dev.ingot.scheduler.pool;

/**
 * The numbers that decisions depend on. A pool keeps them for life, because its journal means the same only with the same ones.
 *
 * @param patienceMillis after this long in the queue, the first workload that fits nowhere keeps a node free for itself; Premium at once
 * @param minimumRunMillis a workload is not preempted before it has run this long
 * @param retryMillis a workload that could not be suspended is left alone this long
 * @param mostFailures how often in a row a crash is gone on from in the same way
 * @param steadyMillis what has run this long since its last crash, and has an image since, runs well
 * @param runPerMove a workload runs at least so many times as long as moving it costs before it is preempted by anything but Premium
 * @param runPerTurn the same for what is preempted because it is another tenant's turn, which nobody is in a hurry for
 * @param turnMillis a workload runs at least so long before it is another tenant's turn
 * @param usageHalfLifeMillis what a tenant held this long ago counts half
 * @param serviceHalfLifeMillis what a workload was given this long ago counts half
 * @param mostEnded how many workloads that have ended are kept; of more, those that ended first are forgotten
 * @param turnPermille how much more, in thousandths of the pool, a tenant must have held lately for another one, that holds nothing, to take
 *     its turn
 * @param leastServedFirst whether within a tenant and tier those that have had less of the pool go first and take room from those that have had
 *     more; if not, who came first goes first
 * @param placement where workloads start that have a choice
 */
public record Policy(
        long patienceMillis,
        long minimumRunMillis,
        long retryMillis,
        int mostFailures,
        long steadyMillis,
        int runPerMove,
        int runPerTurn,
        long turnMillis,
        long usageHalfLifeMillis,
        long serviceHalfLifeMillis,
        int mostEnded,
        int turnPermille,
        boolean leastServedFirst,
        Placement placement) {
    private static final long HOUR = 3_600_000;

    /** For pools of real nodes. */
    public static final Policy USUAL = new Policy(
            60_000, 0, 5_000, 3, 60_000, 4, 20, 120_000, 24 * HOUR, HOUR, 10_000, 5, false, Placement.FRAGMENTATION);

    /** The same, but for the order within a tenant. */
    public Policy withLeastServedFirst(boolean first) {
        return new Policy(
                patienceMillis,
                minimumRunMillis,
                retryMillis,
                mostFailures,
                steadyMillis,
                runPerMove,
                runPerTurn,
                turnMillis,
                usageHalfLifeMillis,
                serviceHalfLifeMillis,
                mostEnded,
                turnPermille,
                first,
                placement);
    }

    /** The same, but for where workloads start. */
    public Policy withPlacement(Placement other) {
        return new Policy(
                patienceMillis,
                minimumRunMillis,
                retryMillis,
                mostFailures,
                steadyMillis,
                runPerMove,
                runPerTurn,
                turnMillis,
                usageHalfLifeMillis,
                serviceHalfLifeMillis,
                mostEnded,
                turnPermille,
                leastServedFirst,
                other);
    }
}
