package dev.ingot.scheduler.pool;

/**
 * A node as it was at one instant.
 *
 * @param devices of which kinds its accelerators are
 * @param quarantinedUntil it takes no workloads before, because it failed too often; 0 if that is not so
 */
public record NodeView(
        String name,
        String incarnation,
        boolean alive,
        boolean cordoned,
        Resources capacity,
        NodeDevices devices,
        Location location,
        Resources used,
        int workloads,
        long quarantinedUntil) {}
