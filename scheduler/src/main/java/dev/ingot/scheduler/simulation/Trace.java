package dev.ingot.scheduler.simulation;

import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.Tier;
import java.util.List;

/** A cluster and what was asked of it. */
public record Trace(List<Machine> machines, List<Job> jobs) {
    public Trace {
        machines = List.copyOf(machines);
        jobs = List.copyOf(jobs);
    }

    /** A node. */
    public record Machine(String name, Resources capacity) {}

    /**
     * A workload.
     *
     * @param name a valid image name
     * @param runMillis how long it runs if it is never suspended
     */
    public record Job(String name, Tier tier, Resources needs, long arrivalMillis, long runMillis) {}
}
