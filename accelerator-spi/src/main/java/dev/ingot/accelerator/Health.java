package dev.ingot.accelerator;

import java.time.Instant;

/**
 * How an open device is.
 *
 * @param status in a word
 * @param reason what is wrong, for people; empty where nothing is
 * @param since when it was first seen to be so
 */
public record Health(Status status, String reason, Instant since) {

    /** In a word; each is worse than the one before. */
    public enum Status {
        /** It works. */
        HEALTHY,
        /** It works, but not without help: what drives it had to be replaced. */
        DEGRADED,
        /** What it does takes longer than its watchdog allows. */
        HANGING,
        /** It is gone; what was on it is in the last image. */
        LOST,
        /** The program gave it back. */
        CLOSED
    }

    /** The same if nothing has changed, or else this from now on. */
    public Health then(Status next, String why) {
        return next == status && why.equals(reason) ? this : new Health(next, why, Instant.now());
    }
}
