package dev.ingot.scheduler.wire;

/** A request to the pool that failed; the message says why and, if known, what helps. */
public final class PoolException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Whether the pool could not be asked at all. */
    private final boolean unreachable;

    public PoolException(String message) {
        super(message);
        this.unreachable = false;
    }

    PoolException(String message, Throwable cause) {
        super(message, cause);
        this.unreachable = true;
    }

    public boolean isUnreachable() {
        return unreachable;
    }
}
