package dev.ingot.scheduler.pool;

/** Where a workload could start: what it would take of a node. */
record Spot(Room room, Space piece) {}
