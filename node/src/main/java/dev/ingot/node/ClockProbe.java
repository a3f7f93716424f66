package dev.ingot.node;

import dev.ingot.scheduler.pool.Probe;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Whether the node's clock is that of the control process, and runs evenly. Thread-safe.
 *
 * <p>The control process read its clock between the instants at which a beat was sent and its answer came, so the difference of the two clocks lies
 * between its reading less the one instant and less the other. Only what lies beyond the limit by both speaks against the node: how long an answer
 * takes does not.
 */
final class ClockProbe implements SelfProbe {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Now now;
    private final long limit;
    private boolean answered;
    private long leastAhead;
    private long mostAhead;
    private long before;
    private boolean looked;

    /** The clocks of the machine. */
    interface Now {
        long wallMillis();

        /** Of a clock that does not jump. */
        long nanos();
    }

    ClockProbe(Now now, ProbeLimits limits) {
        this.now = now;
        this.limit = limits.clock().toMillis();
    }

    /** The machine's own. */
    static Now machine() {
        return new Now() {
            @Override
            public long wallMillis() {
                return System.currentTimeMillis();
            }

            @Override
            public long nanos() {
                return System.nanoTime();
            }
        };
    }

    /**
     * An answer has come from the control process.
     *
     * @param sentMillis what the clock here said when it was asked
     * @param theirMillis what the clock there said when it answered
     */
    synchronized void answered(long sentMillis, long theirMillis) {
        long received = now.wallMillis();
        // A clock that was set meanwhile says nothing of how long that took.
        if (received >= sentMillis) {
            answered = true;
            leastAhead = theirMillis - received;
            mostAhead = theirMillis - sentMillis;
        }
    }

    @Override
    public Probe kind() {
        return Probe.CLOCK;
    }

    @Override
    public synchronized @Nullable String look() throws IOException {
        // By how much the one is ahead of the other is the same as long as neither jumps.
        long ahead = now.wallMillis() - now.nanos() / NANOS_PER_MILLI;
        long jump = looked ? ahead - before : 0;
        before = ahead;
        looked = true;
        if (Math.abs(jump) > limit) {
            return "it jumped by " + jump + " ms";
        } else if (!answered) {
            throw new IOException("the control process does not say what its clock says");
        }
        long off = leastAhead > limit ? leastAhead : mostAhead < -limit ? mostAhead : 0;
        return off == 0
                ? null
                : "it is " + Math.abs(off) + " ms " + (off > 0 ? "behind" : "ahead of") + " the control process's";
    }
}
