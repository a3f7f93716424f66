package jdk.crac;

import dev.ingot.runtime.Control;

/** The way in: where resources register and where a checkpoint is requested. */
public class Core {

    /** Not meant to be instantiated. */
    protected Core() {}

    /** The context that is notified of every checkpoint. It holds its resources weakly. */
    public static Context<Resource> getGlobalContext() {
        return GlobalContext.current();
    }

    /**
     * Takes an image, ends this JVM, and returns in the JVM that resumes the image.
     *
     * @throws CheckpointException if no image was taken; this JVM goes on
     * @throws RestoreException if the image was resumed but a resource failed to recover
     */
    public static void checkpointRestore() throws CheckpointException, RestoreException {
        try {
            Control.checkpoint(true);
        } catch (Control.Refusal refusal) {
            if (refusal.outcome() == Control.FAILED) {
                throw suppressing(new CheckpointException(refusal.getMessage()), refusal);
            }
            throw suppressing(new RestoreException(refusal.getMessage()), refusal);
        }
    }

    /** Callers that wrap these exceptions carry over nothing but what is suppressed. */
    private static <E extends Exception> E suppressing(E exception, Control.Refusal refusal) {
        if (refusal.getSuppressed().length == 0) {
            exception.addSuppressed(refusal);
        }
        for (Throwable failure : refusal.getSuppressed()) {
            exception.addSuppressed(failure);
        }
        return exception;
    }
}
