package dev.ingot.api;

import dev.ingot.runtime.Control;

/** The way from a program to Ingot. All methods are safe for use by many threads. */
public final class Ingot {

    private Ingot() {}

    /** Whether Ingot's agent is in this JVM, so that checkpoints can be taken. */
    public static boolean isActive() {
        return Agent.isPresent();
    }

    /**
     * Takes an image of the program and goes on. Returns once in this JVM and once in every JVM that resumes the image. Must
     * not be called from a hook.
     *
     * <p>If another checkpoint is under way, this call joins it.
     *
     * @return which of these JVMs this is
     * @throws CheckpointException if no image was taken, or if a hook failed after it; the program goes on in either case
     */
    public static Outcome checkpoint() throws CheckpointException {
        return request(false);
    }

    /**
     * Takes an image of the program and ends this JVM, without running shutdown hooks. Returns in a JVM that resumes the
     * image.
     *
     * @return {@link Outcome#RESTORED}
     * @throws CheckpointException if no image was taken, or if a hook failed after the resume; the program goes on
     */
    public static Outcome suspend() throws CheckpointException {
        return request(true);
    }

    private static Outcome request(boolean suspend) throws CheckpointException {
        Agent.require();
        int outcome;
        try {
            outcome = Control.checkpoint(suspend);
        } catch (Control.Refusal refusal) {
            throw exceptionFor(refusal);
        }
        return outcome == Control.RESTORED ? Outcome.RESTORED : Outcome.CHECKPOINTED;
    }

    private static CheckpointException exceptionFor(Control.Refusal refusal) {
        var exception = new CheckpointException(
                String.valueOf(refusal.getMessage()),
                PinnedThread.of(refusal.pins()),
                refusal.outcome() != Control.FAILED);
        for (Throwable failure : refusal.getSuppressed()) {
            exception.addSuppressed(failure);
        }
        return exception;
    }

    /**
     * Adds a hook that is called around every checkpoint. Hooks are called newest first before a checkpoint and oldest first
     * after it.
     *
     * @return closing it removes the hook, which is held strongly until then
     */
    public static Registration register(CheckpointHook hook) {
        return Registry.global().add(hook);
    }

    /**
     * Adds a listener that is told how each checkpoint and resume ended, on a thread of Ingot's.
     *
     * @return closing it removes the listener, which is held strongly until then
     */
    public static Registration listen(CheckpointListener listener) {
        return Registry.global().add(listener);
    }

    /**
     * Keeps the calling thread from being checkpointed until the region is closed. A checkpoint waits for that until its
     * deadline. Regions nest; each is closed by the thread that opened it, innermost first.
     *
     * <pre>{@code
     * try (var region = Ingot.uncheckpointable("holds a lease")) {
     *     …
     * }
     * }</pre>
     *
     * @param reason told to the user when a checkpoint fails on it
     */
    public static Region uncheckpointable(String reason) {
        return Agent.isPresent() ? new ThreadRegion(reason) : Region.NONE;
    }
}
