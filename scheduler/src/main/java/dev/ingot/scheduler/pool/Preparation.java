package dev.ingot.scheduler.pool;

/**
 * That a node gets ready for a workload which still runs on another one, so that it stands still for a shorter time when it moves.
 *
 * @param epoch in which it will run there; whatever else comes of it, no other node gets that one
 * @param until it moves then at the latest, ready or not
 */
public record Preparation(String node, long epoch, long until) {}
