package dev.ingot.core.control;

import java.util.List;

/** A request that failed. The message says what was attempted, why it failed and what the user can do. */
public final class ControlException extends Exception {
    private static final long serialVersionUID = 1L;

    private final FailureCode code;
    private final transient List<PinnedThread> pins;

    public ControlException(FailureCode code, String message) {
        this(code, message, List.of());
    }

    public ControlException(FailureCode code, String message, List<PinnedThread> pins) {
        super(message);
        this.code = code;
        this.pins = List.copyOf(pins);
    }

    public ControlException(FailureCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.pins = List.of();
    }

    public FailureCode code() {
        return code;
    }

    /** What stood in the way of a capture; empty for other failures. */
    public List<PinnedThread> pins() {
        return pins;
    }
}
