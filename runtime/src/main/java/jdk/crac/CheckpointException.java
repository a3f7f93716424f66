package jdk.crac;

import org.jspecify.annotations.Nullable;

/** A checkpoint that was not taken. Its causes are its suppressed exceptions. */
public class CheckpointException extends Exception {
    private static final long serialVersionUID = 1L;

    public CheckpointException() {}

    public CheckpointException(@Nullable String message) {
        super(message);
    }
}
