package dev.ingot.scheduler.pool;

/**
 * What becomes of the workloads of a tier, at one instant.
 *
 * @param running how many are on nodes
 * @param queued how many wait for room
 * @param held how many are suspended on request
 * @param used what they hold on nodes
 * @param served of the time in which those that run or wait wanted to run, what they did run lately, on average, in thousandths
 * @param due what each of them is to have of that
 * @param lacking how many of them have had less than they are due, which is less than {@code due} where they are treated as a weaker tier
 */
public record TierView(
        Tier tier, int running, int queued, int held, Resources used, int served, int due, int lacking) {}
