package dev.ingot.scheduler.pool;

/**
 * Room on a node that is kept for a workload that does not run there yet.
 *
 * @param certain whether it becomes free by suspensions under way; if not, it is waited for until others end
 * @param choice for which of the workload's alternatives it is, by number
 */
record Claim(String node, boolean certain, int choice) {
    /** For the fastest alternative. */
    Claim(String node, boolean certain) {
        this(node, certain, 0);
    }
}
