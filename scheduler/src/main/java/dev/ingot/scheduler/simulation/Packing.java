package dev.ingot.scheduler.simulation;

import dev.ingot.scheduler.pool.Placement;
import dev.ingot.scheduler.pool.Policy;
import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.Usage;

/**
 * How much of a cluster's devices workloads hold that came until they had asked for more than there is, and stay.
 *
 * @param held of all devices, 1 for all
 * @param waiting for how many workloads there was no room
 * @param decisions commands that the core was given
 * @param moves how many workloads were moved so that others could start
 */
public record Packing(double held, int waiting, long decisions, int moves) {
    /**
     * Packs all jobs of a trace, which must not end while others come.
     *
     * @param defragment whether workloads are moved in the end, as long as that lets others start
     */
    public static Packing of(Trace trace, Placement placement, boolean defragment) {
        Policy policy = Policy.USUAL.withPlacement(placement);
        Simulation simulation = new Simulation(trace, policy, new Costs(0, 0));
        long end = trace.jobs().get(trace.jobs().size() - 1).arrivalMillis() + 1;
        simulation.run(end, end, sample -> {});
        int moves = defragment ? simulation.defragment() : 0;
        Usage usage = simulation.usage();
        long used = usage.used().values().stream()
                .mapToLong(Resources::milliDevices)
                .sum();
        long whole = Math.max(1, usage.capacity().milliDevices());
        return new Packing((double) used / whole, usage.queued(), simulation.commands(), moves);
    }
}
