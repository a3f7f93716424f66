package dev.ingot.node;

import dev.ingot.scheduler.pool.ImageReference;
import dev.ingot.scheduler.pool.Order;
import dev.ingot.scheduler.pool.ShippedFile;
import dev.ingot.scheduler.wire.ImageOffer;
import dev.ingot.scheduler.wire.PoolException;
import java.io.IOException;
import java.nio.file.Path;

/** Where images and output have to be for others to go on from them. Thread-safe. */
interface Depot extends AutoCloseable {
    /**
     * Has an image on this node's disk.
     *
     * @return its directory
     * @throws PoolException if that is not possible now
     * @throws IOException if it is not possible at all
     */
    Path fetch(Order order, ImageReference image) throws PoolException, IOException;

    /**
     * Returns once an image outlives this node.
     *
     * @throws PoolException if that is not possible now
     * @throws IOException if it is not possible at all
     */
    void keep(Order order, Path image) throws PoolException, IOException;

    /** The same for the first {@code length} bytes of what a workload has written in its epoch. */
    void keepOutput(Order order, long length) throws PoolException, IOException;

    /**
     * Has a file that came with a workload on this node's disk; what has come of it before is gone on with.
     *
     * @throws PoolException if that is not possible now
     * @throws IOException if it is not possible at all
     */
    void fetchFile(Order order, ShippedFile file, Path to) throws PoolException, IOException;

    /** A workload is held by this node from now on. */
    void claim(String workload);

    /** Deletes what this node alone needed of a workload that it does not hold any more, but for what is of use when it comes back. */
    void forget(String workload) throws IOException;

    /** Deletes what is left of a workload that does not come back. */
    void gone(String workload) throws IOException;

    /** The images on a disk that is this node's alone. */
    ImageOffer offer();

    @Override
    void close();
}
