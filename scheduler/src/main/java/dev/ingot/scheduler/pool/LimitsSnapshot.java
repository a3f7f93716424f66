package dev.ingot.scheduler.pool;

/**
 * The limits of a tenant, and what of its budget it had used up to an instant.
 *
 * @param coreMillis thousandths of cores times milliseconds
 * @param deviceMillis thousandths of accelerators times milliseconds
 * @param since the instant
 * @param windowStart when the budget began anew
 * @param reportedIn in which window, by its start, it was told that the budget is used up; -1 in none
 */
public record LimitsSnapshot(
        TenantLimits limits, double coreMillis, double deviceMillis, long since, long windowStart, long reportedIn) {}
