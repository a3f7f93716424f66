package dev.ingot.scheduler.pool;

/** All that the core knows of a node, but for who is placed on it. */
public record NodeSnapshot(
        String name,
        String incarnation,
        Resources capacity,
        NodeDevices devices,
        Location location,
        String equipment,
        boolean alive,
        boolean cordoned,
        boolean draining,
        boolean leaving,
        HealthSnapshot health) {}
