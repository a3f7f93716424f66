package dev.ingot.scheduler.pool;

/**
 * Something that speaks against a node.
 *
 * @param program whose workload crashed or could not be started there; empty where the node itself was lost
 */
public record Strike(long at, String program) {}
