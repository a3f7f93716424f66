package dev.ingot.scheduler.pool;

/**
 * The beginning of what a workload wrote in one epoch; a workload's output is a list of these. What follows behind the length
 * was taken back by a failover.
 */
public record OutputPart(long epoch, long length) {}
