package dev.ingot.scheduler.pool;

/**
 * Workloads that need the same.
 *
 * @param count how many of them count
 */
public record KindSnapshot(Resources needs, int count) {}
