package dev.ingot.core.heap;

import org.jspecify.annotations.Nullable;

/** Part of an image that this JVM cannot bring back. The message says what it is, why, and what the user can do. */
public final class NotRestorableException extends Exception {
    private static final long serialVersionUID = 1L;

    public NotRestorableException(String message) {
        super(message);
    }

    public NotRestorableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
