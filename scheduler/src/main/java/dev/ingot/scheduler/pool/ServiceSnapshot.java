package dev.ingot.scheduler.pool;

/**
 * How much a workload wanted to run and did, up to an instant.
 *
 * @param wanted decayed sum of the time in which it wanted to run, as a part of what it would be had it wanted to for ever
 * @param had of that, the time in which it ran
 * @param since the instant
 * @param wants whether it has wanted to run since then
 * @param runs whether it has run since then
 * @param ran for how long it ran until then, in milliseconds
 */
public record ServiceSnapshot(double wanted, double had, long since, boolean wants, boolean runs, long ran) {}
