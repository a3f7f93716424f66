package dev.ingot.scheduler.pool;

/**
 * How much may be used in a time: of what is used, how long it is held counts.
 *
 * @param milliCoreHours thousandths of the use of one core for an hour; {@link TenantLimits#ANY} where there is no limit
 * @param milliDeviceHours thousandths of the use of one accelerator for an hour; {@link TenantLimits#ANY} where there is no limit
 * @param windowMillis after how long it begins anew, from when it was set; 0 for never
 */
public record Budget(long milliCoreHours, long milliDeviceHours, long windowMillis) {
    static final double HOUR_MILLIS = 3_600_000;

    public Budget {
        if (milliCoreHours < 0 || milliDeviceHours < 0 || windowMillis < 0) {
            throw new IllegalArgumentException("a budget cannot be less than nothing: " + milliCoreHours + ", "
                    + milliDeviceHours + ", " + windowMillis);
        }
    }
}
