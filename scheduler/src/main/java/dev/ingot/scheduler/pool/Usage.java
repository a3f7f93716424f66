package dev.ingot.scheduler.pool;

import java.util.Map;

/**
 * What of the pool is used, at one instant.
 *
 * @param capacity of all nodes that live
 * @param reserved by all tenants together
 * @param usedOfReservations what the workloads that reservations cover hold
 * @param used what the workloads of each tier hold
 * @param running how many workloads are on nodes
 * @param queued how many wait for room
 */
public record Usage(
        long atMillis,
        Resources capacity,
        Resources reserved,
        Resources usedOfReservations,
        Map<Tier, Resources> used,
        int running,
        int queued) {}
