package dev.ingot.scheduler.pool;

import org.jspecify.annotations.Nullable;

/**
 * That a node gets ready for a workload which still runs on another one, so that it stands still for a shorter time when it moves. First
 * an image is taken of it while it runs on, which the other node reads; the image with which it moves then has only what changed since.
 *
 * @param epoch in which it will run there; whatever else comes of it, no other node gets that one
 * @param until it moves then at the latest, ready or not
 * @param base the image that is read beforehand; null until it is there
 */
public record Preparation(
        String node, long epoch, long until, @Nullable ImageReference base) {}
