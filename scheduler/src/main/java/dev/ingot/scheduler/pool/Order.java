package dev.ingot.scheduler.pool;

import org.jspecify.annotations.Nullable;

/**
 * What a node is to do about one workload. Orders are the whole of what a node is to hold at an instant: a workload, or an
 * epoch of it, that no order names is to be killed and forgotten. So they can be repeated and lost without harm.
 *
 * @param image to go on from; null to begin
 * @param attempt counts the requests to suspend this epoch
 */
public record Order(
        String workload,
        long epoch,
        Goal goal,
        long attempt,
        @Nullable ImageReference image,
        WorkloadSpec spec) {}
