package dev.ingot.scheduler.control;

import java.util.concurrent.CompletionException;

/** A request that is not carried out; the message says why. */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    Refusal(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    /** What HTTP calls it. */
    public int status() {
        return status;
    }

    /** How to refuse a request that failed. */
    static Refusal of(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof Refusal refusal
                ? refusal
                : new Refusal(Reply.INTERNAL_ERROR, "the pool failed: " + cause);
    }

    Reply reply() {
        return Reply.error(status, String.valueOf(getMessage()));
    }
}
