package dev.ingot.node;

import dev.ingot.scheduler.pool.ImageReference;
import dev.ingot.scheduler.pool.Order;
import dev.ingot.scheduler.pool.ShippedFile;
import dev.ingot.scheduler.wire.ImageOffer;
import dev.ingot.scheduler.wire.PoolDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Of a node that shares the disk of the pool: all is where it has to be. */
record SharedDepot(PoolDirectory pool) implements Depot {
    @Override
    public Path fetch(Order order, ImageReference image) {
        return pool.images(order.workload()).resolve(order.workload()).resolve(image.directory());
    }

    @Override
    public void keep(Order order, Path image) {
        // It is there.
    }

    @Override
    public void keepOutput(Order order, long length) {
        // It is there.
    }

    @Override
    public void fetchFile(Order order, ShippedFile file, Path to) throws IOException {
        // A link would have the program change what is the pool's.
        Files.copy(pool.file(order.spec().tenant(), file.sha256()), to, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void claim(String workload) {
        // It is the pool's.
    }

    @Override
    public void forget(String workload) {
        // It is the pool's.
    }

    @Override
    public void gone(String workload) {
        // It is the pool's.
    }

    @Override
    public ImageOffer offer() {
        return ImageOffer.NONE;
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
