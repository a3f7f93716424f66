package dev.ingot.scheduler.pool;

import org.jspecify.annotations.Nullable;

/**
 * That a node gets ready for a workload which still runs on another one, so that it stands still for a shorter time when it moves. First
 * an image is taken of it while it runs on, which the other node reads; the image with which it moves then has only what changed since.
 *
 * @param choice as which of its alternatives it will run there, by number: what it was started with for one is not for another
 * @param epoch in which it will run there; whatever else comes of it, no other node gets that one
 * @param until it moves then at the latest, ready or not
 * @param base the image that is read beforehand; null until it is there
 */
public record Preparation(
        String node,
        int choice,
        long epoch,
        long until,
        @Nullable ImageReference base) {
    /** The same, with the image that is read beforehand. */
    Preparation from(ImageReference image) {
        return new Preparation(node, choice, epoch, until, image);
    }

    /** Whether it is for that alternative on that node. */
    boolean isFor(String where, int alternative) {
        return node.equals(where) && choice == alternative;
    }
}
