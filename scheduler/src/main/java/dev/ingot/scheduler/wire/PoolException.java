package dev.ingot.scheduler.wire;

import java.util.Set;

/** A request to the pool that failed; the message says why and, if known, what helps. */
public final class PoolException extends Exception {
    private static final long serialVersionUID = 1L;
    /** Malformed, not there, not allowed in this way, too large, of no known kind: all other answers may be others later. */
    private static final Set<Integer> FINAL = Set.of(400, 404, 405, 413, 415);

    private static final int NONE = 0;

    /** Whether the pool could not be asked at all. */
    private final boolean unreachable;

    private final int status;

    public PoolException(String message) {
        this(message, NONE);
    }

    /** @param status with which the pool refused the request */
    PoolException(String message, int status) {
        super(message);
        this.unreachable = false;
        this.status = status;
    }

    PoolException(String message, Throwable cause) {
        super(message, cause);
        this.unreachable = true;
        this.status = NONE;
    }

    public boolean isUnreachable() {
        return unreachable;
    }

    /** Whether the pool refused it in a way that asking again does not change. */
    public boolean isFinal() {
        return FINAL.contains(status);
    }
}
