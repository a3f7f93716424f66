package dev.ingot.scheduler.pool;

/** A node as it was at one instant. */
public record NodeView(
        String name,
        String incarnation,
        boolean alive,
        boolean cordoned,
        Resources capacity,
        Resources used,
        int workloads) {}
