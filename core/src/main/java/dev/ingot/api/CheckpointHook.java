package dev.ingot.api;

/**
 * Is called around checkpoints, while the program's threads run: on the thread that asked for the checkpoint, or on one of
 * Ingot's. A hook may block only on what other threads can do meanwhile. See {@link Ingot#register}.
 */
public interface CheckpointHook {

    /**
     * A checkpoint is about to be taken.
     *
     * @throws Exception to veto it; the other hooks are called all the same, and then {@link #afterCheckpoint} of all
     */
    default void beforeCheckpoint() throws Exception {}

    /**
     * The program goes on in the same JVM, whether or not an image was taken.
     *
     * @throws Exception if something could not be brought back; the other hooks are called all the same
     */
    default void afterCheckpoint() throws Exception {}

    /**
     * The program goes on in a JVM that resumed the image. Other threads run already.
     *
     * @throws Exception if something could not be brought back; the other hooks are called all the same
     */
    default void afterRestore() throws Exception {}
}
