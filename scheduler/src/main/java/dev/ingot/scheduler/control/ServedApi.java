package dev.ingot.scheduler.control;

import java.net.URI;

/** A pool that is served at a port. Thread-safe. */
public interface ServedApi extends AutoCloseable {
    /** Where. */
    URI uri();

    @Override
    void close();
}
