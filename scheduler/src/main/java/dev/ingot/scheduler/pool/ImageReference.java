package dev.ingot.scheduler.pool;

/**
 * An image a node has seen complete.
 *
 * @param directory its name, the same wherever the image lies
 * @param sequence increases with each image of a workload
 * @param bytes on disk
 * @param output bytes the program had written in its epoch when the image was taken
 */
public record ImageReference(String directory, long sequence, long bytes, long output) {}
