package dev.ingot.scheduler.wire;

/**
 * A complete image on the disk of a node.
 *
 * @param image its directory
 */
public record HeldImage(String workload, String image) {}
