package dev.ingot.scheduler.pool;

/**
 * Room on a node that is kept for a workload that does not run there yet.
 *
 * @param certain whether it becomes free by suspensions under way; if not, it is waited for until others end
 */
record Claim(String node, boolean certain) {}
