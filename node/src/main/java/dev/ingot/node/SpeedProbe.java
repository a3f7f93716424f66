package dev.ingot.node;

import dev.ingot.scheduler.pool.Probe;
import java.io.IOException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How long a little work takes the processor, beside what it took at best and what it takes other nodes. Thread-safe.
 *
 * <p>It is the processor time that counts, and the least of several, so that it does not matter who else computes.
 */
final class SpeedProbe implements SelfProbe {
    private static final int TRIALS = 5;
    /** Until the work has been compiled. */
    private static final int WARM_UP = 20;

    private final LongSupplier work;
    private final ProbeLimits limits;
    private boolean warm;
    private long best = Long.MAX_VALUE;
    private long untold;
    private long median;

    /** @param work does it, and says how many nanoseconds it took; negative if nobody can say */
    SpeedProbe(LongSupplier work, ProbeLimits limits) {
        this.work = work;
        this.limits = limits;
    }

    @Override
    public Probe kind() {
        return Probe.SPEED;
    }

    @Override
    public @Nullable String look() throws IOException {
        long least = Long.MAX_VALUE;
        for (int trial = warm ? 0 : -WARM_UP; trial < TRIALS; trial++) {
            long took = work.getAsLong();
            if (took < 0) {
                throw new IOException("this machine does not say what a thread has computed");
            }
            least = trial < 0 ? least : Math.min(least, took);
        }
        warm = true;
        return judge(least);
    }

    private synchronized @Nullable String judge(long least) {
        best = Math.min(best, least);
        untold = least;
        if (least > limits.speed() * best) {
            return "a little work takes " + micros(least) + " µs, and took " + micros(best) + " at best";
        }
        return median > 0 && least > limits.speed() * median
                ? "a little work takes " + micros(least) + " µs, and " + micros(median) + " on half of the nodes"
                : null;
    }

    private static long micros(long nanos) {
        return nanos / 1000;
    }

    /** What it took last, for the pool to hear of once; 0 if that has been told. */
    synchronized long takeNews() {
        long news = untold;
        untold = 0;
        return news;
    }

    /** The pool was not told after all; what is newer counts. */
    synchronized void tellAgain(long news) {
        untold = untold == 0 ? news : untold;
    }

    /** What it takes half of the nodes. */
    synchronized void others(long median) {
        this.median = median;
    }
}
