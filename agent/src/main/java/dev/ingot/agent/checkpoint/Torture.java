package dev.ingot.agent.checkpoint;

import dev.ingot.agent.log.AgentLog;
import dev.ingot.agent.transform.Retransformer;
import dev.ingot.runtime.ManagedThreads;
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
        Thread thread = new Thread(ManagedThreads.systemThreadGroup(), this, "Ingot torture");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        ManagedThreads.systemThreadGroup(),
                        () -> log.info("torture: " + captures + " captures, " + pinned + " pinned"),
                        "Ingot torture report"));
        while (true) {
            LockSupport.parkNanos(period.toNanos());
            try {
                captureInPlace();
            } catch (Throwable failure) {
                log.error("torture failed", failure);
                return;
            }
        }
    }

    private void captureInPlace() throws Exception {
        Safepoint.Outcome outcome = Safepoint.stop(deadline.toNanos());
        retransformer.makeResumable(outcome.records(), outcome.pins().isEmpty());
        Safepoint.goOn(outcome.records(), REBUILD_DEADLINE_NANOS);
        if (outcome.pins().isEmpty()) {
            captures++;
        } else {
            pinned++;
            for (Pin pin : outcome.pins()) {
                log.debug(pin.toString());
            }
        }
    }
}
