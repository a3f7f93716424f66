package dev.ingot.scheduler.pool;

/**
 * A tenant as it was at one instant.
 *
 * @param name a path, as in {@code research/vision}; amounts are of all its parts together
 * @param reserved what its Premium workloads may use whatever others do
 * @param used what its workloads of all tiers hold on nodes
 * @param usedOfReservation the part of that which its reservation covers
 */
public record TenantView(String name, Resources reserved, Resources used, Resources usedOfReservation) {}
