package dev.ingot.api;

/** A stretch of one thread's execution in which it is not checkpointed. See {@link Ingot#uncheckpointable}. */
public interface Region extends AutoCloseable {

    /** The region of a JVM in which no checkpoint can happen. */
    Region NONE = () -> {};

    /**
     * Ends the region; does nothing the second time.
     *
     * @throws IllegalStateException if called by another thread than the one that opened the region
     */
    @Override
    void close();
}
