package dev.ingot.agent.observe;

import dev.ingot.agent.log.AgentLog;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/** Where the agent says what it does; one per JVM. Thread-safe. */
public final class Observer {
    private final WeavingTotals weaving = new WeavingTotals();
    private final Statistics statistics = new Statistics(weaving);
    private final AgentLog log;
    private final LongSupplier nanoClock;
    private final ManagementEntry management;

    Observer(AgentLog log, LongSupplier nanoClock) {
        this.log = log;
        this.nanoClock = nanoClock;
        this.management = new ManagementEntry(statistics, log);
    }

    /** Spelled out: the first lambda of a JVM costs a start many times what a class does. */
    private static final class JvmClock implements LongSupplier {
        @Override
        public long getAsLong() {
            return System.nanoTime();
        }
    }

    /** An observer that measures with the clock of the JVM. */
    public static Observer of(AgentLog log) {
        return new Observer(log, new JvmClock());
    }

    /** The counters for the weaver. */
    public WeavingTotals weaving() {
        return weaving;
    }

    /**
     * Observes a checkpoint that begins now.
     *
     * @param trigger what asked for it, such as {@code control socket} or {@code every=30s}
     * @param suspend whether the JVM ends after it
     * @return to be told of the phases and the end, and to be closed
     */
    public CheckpointObservation checkpoint(String trigger, boolean suspend) {
        management.hold();
        CheckpointEvents events =
                recordsFlight() ? FlightRecorderEvents.ofCheckpoint(trigger, suspend) : new NoEvents();
        return new CheckpointObservation(trigger, suspend, events, this);
    }

    /**
     * Observes a resume that begins now.
     *
     * @param image path of the image
     * @return to be told of the phases and the end, and to be closed
     */
    public ResumeObservation resume(String image) {
        CheckpointEvents events = recordsFlight() ? FlightRecorderEvents.ofResume() : new NoEvents();
        return new ResumeObservation(image, events, this);
    }

    /**
     * Told of every class before it is defined, by its name with slashes. When the program begins to use management, Ingot's
     * bean is registered by a task for {@code background}.
     */
    public void classLoading(String className, Executor background) {
        if (ManagementEntry.isUsedBy(className)) {
            background.execute(management::enter);
        }
    }

    private static boolean recordsFlight() {
        return ModuleLayer.boot().findModule("jdk.jfr").isPresent() && FlightRecorderEvents.areRecorded();
    }

    long nanos() {
        return nanoClock.getAsLong();
    }

    Statistics statistics() {
        return statistics;
    }

    AgentLog log() {
        return log;
    }

    void weavingTo(CheckpointEvents events) {
        events.weaving(weaving.snapshot());
    }

    /** Lets management in again, if this JVM lives on and someone may look at it. */
    void checkpointEnded(boolean goesOn) {
        management.release();
        if (goesOn) {
            management.enter();
        }
    }
}
