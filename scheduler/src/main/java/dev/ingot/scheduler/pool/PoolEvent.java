package dev.ingot.scheduler.pool;

import org.jspecify.annotations.Nullable;

/**
 * Something that has happened in the pool.
 *
 * @param sequence 1 for the first there ever was, then without a gap
 * @param workload that it is about; null if it is about a node or tenant alone
 * @param tenant that it is about; null if it is about a node alone
 * @param state of the workload from now on; null if it is about none
 */
public record PoolEvent(
        long sequence,
        long atMillis,
        @Nullable String workload,
        @Nullable String tenant,
        @Nullable WorkloadState state,
        long epoch,
        @Nullable String node,
        String reason) {}
