package dev.ingot.core.control;

import java.util.Locale;

/** Why a request failed. */
public enum FailureCode {
    /** A thread or an object cannot be captured; the pins say which and why. */
    PINNED,
    /** Not every thread could be captured before the deadline; the pins say which. */
    DEADLINE,
    /** Another checkpoint is being taken. */
    BUSY,
    /** The request was cancelled. */
    CANCELLED,
    /** The disk is full. */
    NO_SPACE,
    /** The image could not be stored for another reason. */
    STORAGE,
    /** The process does not understand the request or the version of the protocol. */
    UNSUPPORTED,
    /** No process answers at the socket, or it went away. */
    UNREACHABLE,
    /** Anything else; the message says what. */
    FAILED;

    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The code of this text; {@link #FAILED} for one that a newer process may have. */
    static FailureCode parse(String text) {
        for (FailureCode code : values()) {
            if (code.text().equals(text)) {
                return code;
            }
        }
        return FAILED;
    }
}
