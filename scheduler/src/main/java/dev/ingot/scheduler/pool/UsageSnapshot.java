package dev.ingot.scheduler.pool;

/**
 * What a tenant has held, up to an instant.
 *
 * @param history the decayed mean of its dominant share
 * @param since the instant
 */
public record UsageSnapshot(double history, long since) {}
