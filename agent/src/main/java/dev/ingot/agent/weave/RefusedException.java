package dev.ingot.agent.weave;

import dev.ingot.runtime.PinReason;

/** Thrown when a method cannot be woven; a thread inside it is pinned. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final PinReason reason;

    RefusedException(PinReason reason) {
        super(reason.name());
        this.reason = reason;
    }

    PinReason reason() {
        return reason;
    }
}
