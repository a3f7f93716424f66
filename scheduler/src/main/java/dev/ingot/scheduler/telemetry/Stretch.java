package dev.ingot.scheduler.telemetry;

import dev.ingot.scheduler.pool.Tier;
import dev.ingot.scheduler.pool.WorkloadState;
import org.jspecify.annotations.Nullable;

/**
 * A part of a workload's life in which its state was the same.
 *
 * @param node that it was on; null if on none
 * @param fresh whether it had never been placed before
 * @param next the state that followed
 * @param reason why that followed
 */
record Stretch(
        String workload,
        String tenant,
        Tier tier,
        WorkloadState state,
        long epoch,
        @Nullable String node,
        boolean fresh,
        long fromMillis,
        long toMillis,
        WorkloadState next,
        String reason) {}
