package dev.ingot.scheduler.pool;

import org.jspecify.annotations.Nullable;

/** A step in a workload's life. */
public record Event(
        long atMillis,
        WorkloadState state,
        long epoch,
        @Nullable String node,
        String reason) {}
