package dev.ingot.scheduler.pool;

/**
 * What of a budget is used.
 *
 * @param milliCoreHours thousandths of the use of one core for an hour
 * @param milliDeviceHours thousandths of the use of one accelerator for an hour
 * @param until when the budget begins anew, in milliseconds; 0 for never
 */
public record BudgetUse(long milliCoreHours, long milliDeviceHours, long until) {}
