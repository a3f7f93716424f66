package dev.ingot.scheduler.pool;

import java.util.Comparator;
import java.util.TreeSet;

/** Workloads that refused to be suspended and are left alone for a while. Confined to the core's writer. */
final class Spared {
    private final TreeSet<Workload> spared = new TreeSet<>(Comparator.comparingLong(workload -> workload.number));

    /** A workload's state has changed. */
    void put(Workload workload) {
        if (!workload.state.isPlaced()) {
            spared.remove(workload);
        } else if (workload.spareUntil > 0) {
            spared.add(workload);
        }
    }

    /** A workload is left alone for a while. */
    void spare(Workload workload, long until) {
        workload.spareUntil = until;
        put(workload);
    }

    /** When the next of them can be asked again; {@link Long#MAX_VALUE} for never. */
    long next(long now) {
        long next = Long.MAX_VALUE;
        for (Workload workload : spared) {
            next = workload.spareUntil > now ? Math.min(next, workload.spareUntil) : next;
        }
        return next;
    }
}
