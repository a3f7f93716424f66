package dev.ingot.scheduler.pool;

/**
 * An image a node has seen complete.
 *
 * @param directory its name, the same wherever the image lies
 * @param sequence increases with each image of a workload
 * @param bytes on disk
 * @param output bytes the program had written in its epoch when the image was taken
 * @param hasDevices whether it describes accelerators, so that it cannot go on just anywhere
 */
public record ImageReference(String directory, long sequence, long bytes, long output, boolean hasDevices) {
    /** Without accelerators. */
    public ImageReference(String directory, long sequence, long bytes, long output) {
        this(directory, sequence, bytes, output, false);
    }
}
