package dev.ingot.core.heap;

/** An object that cannot become part of an image. The message says what it is and what the user can do. */
public final class NotCapturableException extends Exception {
    private static final long serialVersionUID = 1L;

    public NotCapturableException(String message) {
        super(message);
    }

    public NotCapturableException(String message, Throwable cause) {
        super(message, cause);
    }
}
