package dev.ingot.scheduler.simulation;

import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.Tier;
import java.util.ArrayList;
import java.util.List;

/**
 * The workloads by which Kueue measures its own scheduler (test/performance/scheduler/configs/baseline). For each queue there are 20 cores,
 * here a node of their own, and 350 small workloads, 100 medium and 50 large ones, which are Basic, Standard and Premium here. They need
 * 66 s of all cores, so nobody can be done earlier.
 */
public final class KueueTrace {
    private static final long MILLI = 1000;
    private static final Resources NODE = cores(20);

    private KueueTrace() {}

    private static Resources cores(int cores) {
        return new Resources(cores * MILLI, cores, 0);
    }

    /** As it is with so many queues; Kueue's own measurement has 30. */
    public static Trace of(int queues) {
        List<Trace.Machine> machines = new ArrayList<>();
        List<Trace.Job> jobs = new ArrayList<>();
        for (int queue = 1; queue <= queues; queue++) {
            machines.add(new Trace.Machine("n" + queue, NODE));
            for (int i = 0; i < 350; i++) {
                jobs.add(new Trace.Job("small-" + queue + "-" + i, Tier.BASIC, cores(1), 100L * i, 200));
            }
            for (int i = 0; i < 100; i++) {
                jobs.add(new Trace.Job("medium-" + queue + "-" + i, Tier.STANDARD, cores(5), 500L * i, 500));
            }
            for (int i = 0; i < 50; i++) {
                jobs.add(new Trace.Job("large-" + queue + "-" + i, Tier.PREMIUM, cores(20), 1200L * i, 1000));
            }
        }
        return new Trace(machines, jobs);
    }
}
