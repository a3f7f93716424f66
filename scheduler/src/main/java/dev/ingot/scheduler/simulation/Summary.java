package dev.ingot.scheduler.simulation;

import dev.ingot.scheduler.pool.Tier;

/**
 * How a tier fared.
 *
 * @param meanWaitMillis from the submission to the first start, of those that started
 * @param meanTurnaroundMillis from the submission to the end, of those that ended
 */
public record Summary(
        Tier tier,
        long jobs,
        long started,
        long ended,
        long suspensions,
        long meanWaitMillis,
        long meanTurnaroundMillis) {}
