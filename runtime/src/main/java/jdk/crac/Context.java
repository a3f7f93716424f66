package jdk.crac;

/**
 * A resource that notifies others. A context registered with another one is notified in its turn among the other's resources.
 *
 * @param <R> the resources this context takes
 */
public abstract class Context<R extends Resource> implements Resource {

    /** For subclasses. */
    protected Context() {}

    /** @throws CheckpointException with the failures of the resources as suppressed exceptions */
    @Override
    public abstract void beforeCheckpoint(Context<? extends Resource> context) throws CheckpointException;

    /** @throws RestoreException with the failures of the resources as suppressed exceptions */
    @Override
    public abstract void afterRestore(Context<? extends Resource> context) throws RestoreException;

    /** Adds a resource. Whether it is held weakly is for each context to say; the global one holds weakly. */
    public abstract void register(R resource);
}
