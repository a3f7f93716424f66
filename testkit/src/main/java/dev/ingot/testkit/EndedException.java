package dev.ingot.testkit;

/** A program ended before what was to be done with it; such a run proves nothing. */
public final class EndedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EndedException(String message) {
        super(message);
    }
}
