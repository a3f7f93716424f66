package dev.ingot.scheduler.simulation;

import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.Tier;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A cluster and what was asked of it. */
public record Trace(List<Machine> machines, List<Job> jobs) {
    public Trace {
        machines = List.copyOf(machines);
        jobs = List.copyOf(jobs);
    }

    /** The same, but that all jobs are of one tier. */
    public Trace in(Tier tier) {
        return new Trace(
                machines,
                jobs.stream()
                        .map(job -> new Job(
                                job.name, job.tenant, tier, job.needs, job.gang, job.arrivalMillis, job.runMillis))
                        .toList());
    }

    /** A node. */
    public record Machine(String name, Resources capacity) {}

    /**
     * A workload.
     *
     * @param name a valid image name
     * @param needs of each of its copies
     * @param gang how many copies of it run together
     * @param runMillis how long it runs if it is never suspended
     */
    public record Job(
            String name, String tenant, Tier tier, Resources needs, int gang, long arrivalMillis, long runMillis) {
        /** Of the only tenant, in one copy. */
        public Job(String name, Tier tier, Resources needs, long arrivalMillis, long runMillis) {
            this(name, "default", tier, needs, 1, arrivalMillis, runMillis);
        }
    }

    /** So many nodes with so many devices each, and room for whatever else. */
    static List<Machine> alike(int count, int devices) {
        List<Machine> machines = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            Resources capacity = new Resources(1000, 1000, (long) devices * Resources.WHOLE_DEVICE);
            machines.add(new Machine(String.format(Locale.ROOT, "n%04d", number), capacity));
        }
        return machines;
    }
}
