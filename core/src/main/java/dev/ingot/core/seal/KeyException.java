package dev.ingot.core.seal;

import java.io.IOException;

/** A key that cannot be had, or does not open what it should. The message says what to do and holds nothing secret. */
public final class KeyException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What is wrong. */
    public enum Reason {
        /** The key cannot be read or reached at the moment. */
        UNAVAILABLE,
        /** Another key is needed. */
        WRONG,
        /** What was wrapped or sealed has been changed since. */
        FORGED
    }

    private final Reason reason;

    KeyException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    KeyException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    static KeyException unavailable(String key, String why, Throwable cause) {
        return new KeyException(Reason.UNAVAILABLE, "cannot use key " + key + ": " + why, cause);
    }
}
