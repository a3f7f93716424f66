package dev.ingot.agent.checkpoint;

import dev.ingot.agent.log.AgentLog;
import dev.ingot.agent.thread.AgentThreads;
import dev.ingot.agent.transform.Retransformer;
import dev.ingot.runtime.Pin;
import dev.ingot.runtime.Safepoint;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Captures every thread and rebuilds it in place, again and again: the fastest way to find a capture that loses something.
 * Runs on a thread of its own until the JVM ends.
 */
public final class Torture implements Runnable {
    private static final long REBUILD_DEADLINE_NANOS = Duration.ofSeconds(30).toNanos();
    private static final int CAPTURES_AS_FOR_AN_IMAGE = 256;
    /** How much longer the program runs then than a capture takes, at least, so that it gets on where captures take long. */
    private static final int RUN_PER_CAPTURE = 2;

    private final Duration period;
    private final Duration deadline;
    private final Retransformer retransformer;
    private final AgentLog log;
    private long captures;
    private long pinned;

    public Torture(Duration period, Duration deadline, Retransformer retransformer, AgentLog log) {
        this.period = period;
        this.deadline = deadline;
        this.retransformer = retransformer;
        this.log = log;
    }

    /** Starts the thread. */
    public void start() {
        AgentThreads.start("torture", this);
    }

    @Override
    public void run() {
        Runtime.getRuntime()
                .addShutdownHook(AgentThreads.make(
                        "torture report", () -> log.info("torture: " + captures + " captures, " + pinned + " pinned")));
        ThreadStacks.describe();
        long pause = period.toNanos();
        while (true) {
            LockSupport.parkNanos(pause);
            try {
                boolean asForAnImage = asForAnImage();
                Safepoint.switchCode(asForAnImage);
                long start = System.nanoTime();
                boolean captured = captureInPlace();
                long least = asForAnImage || !captured ? 0 : (System.nanoTime() - start) * RUN_PER_CAPTURE;
                pause = Math.max(period.toNanos(), least);
            } catch (Throwable failure) {
                log.error("torture failed", failure);
                return;
            }
        }
    }

    /**
     * Images switch code, for which the JVM throws compiled code away; a program whose code is never compiled hardly gets on. So
     * many captures do as images do, and of those after them one now and then, ever more seldom.
     */
    private boolean asForAnImage() {
        long number = captures + pinned + 1;
        return number <= CAPTURES_AS_FOR_AN_IMAGE || (number & (number - 1)) == 0;
    }

    /** False if something pinned, whose deadline says nothing of how long a capture takes. */
    private boolean captureInPlace() throws Exception {
        Safepoint.Outcome outcome = Safepoint.stop(deadline.toNanos(), false);
        retransformer.makeResumable(outcome.records(), outcome.pins().isEmpty());
        Safepoint.goOn(outcome.records(), REBUILD_DEADLINE_NANOS);
        if (outcome.pins().isEmpty()) {
            captures++;
            return true;
        }
        pinned++;
        for (Pin pin : outcome.pins()) {
            log.debug(pin.toString());
        }
        return false;
    }
}
