package dev.ingot.scheduler.pool;

/**
 * What becomes of the workloads of a tier, at one instant.
 *
 * @param running how many are on nodes
 * @param queued how many wait for room
 * @param held how many are suspended on request
 * @param used what they hold on nodes
 */
public record TierView(Tier tier, int running, int queued, int held, Resources used) {}
