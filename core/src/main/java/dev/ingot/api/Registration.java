package dev.ingot.api;

/** Something registered with Ingot until it is closed. */
public interface Registration extends AutoCloseable {

    /** Removes what was registered; does nothing the second time. */
    @Override
    void close();
}
