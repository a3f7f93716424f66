package dev.ingot.scheduler.pool;

import java.util.List;
import java.util.Map;

/**
 * The whole state of a pool at one instant. A pool made of it decides as the one it was taken from would have.
 *
 * @param at the time of the newest command
 * @param submissions how many there have been
 * @param movedMillis how long suspensions and resumptions took, beyond what each takes at least
 * @param movedMiB how much they wrote and read
 * @param nodes by name
 * @param reservations by tenant
 * @param limits by tenant
 * @param usages by tenant
 * @param mix what workloads usually need
 * @param workloads in the order of their submission
 * @param lastEvent how many events there have been
 * @param events the newest of them, oldest first
 */
public record PoolSnapshot(
        long at,
        long submissions,
        long movedMillis,
        long movedMiB,
        boolean closed,
        List<NodeSnapshot> nodes,
        Map<String, Resources> reservations,
        Map<String, LimitsSnapshot> limits,
        Map<String, UsageSnapshot> usages,
        List<KindSnapshot> mix,
        List<WorkloadSnapshot> workloads,
        long lastEvent,
        List<PoolEvent> events) {
    public PoolSnapshot {
        nodes = List.copyOf(nodes);
        reservations = Map.copyOf(reservations);
        limits = Map.copyOf(limits);
        usages = Map.copyOf(usages);
        mix = List.copyOf(mix);
        workloads = List.copyOf(workloads);
        events = List.copyOf(events);
    }
}
