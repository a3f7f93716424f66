package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much a tenant may have, with its parts.
 *
 * @param borrowing how much it may hold beyond what it has reserved; {@link #ANY} where there is no limit
 * @param lending how much of what it has reserved others may hold while it does not use it; {@link #ANY} where there is no limit
 * @param budget how much it may use in a time; null for no limit
 */
public record TenantLimits(
        Resources borrowing, Resources lending, @Nullable Budget budget) {
    /** An amount, of anything, that is no limit. It can be added to others. */
    public static final long ANY = Long.MAX_VALUE / 4;

    /** No limits. */
    public static final TenantLimits NONE = new TenantLimits(anything(), anything(), null);

    private static Resources anything() {
        return new Resources(ANY, ANY, ANY);
    }

    /** Of an amount what is limited, as people write it; empty if nothing is. */
    static String text(Resources most) {
        List<String> parts = new ArrayList<>();
        if (most.milliCores() < ANY) {
            parts.add(Resources.thousandths(most.milliCores()) + " cores");
        }
        if (most.memoryMiB() < ANY) {
            parts.add(most.memoryMiB() + " MiB");
        }
        if (most.milliDevices() < ANY) {
            parts.add(Resources.thousandths(most.milliDevices()) + " devices");
        }
        return String.join(", ", parts);
    }

    boolean limitsLending() {
        return !lending.equals(NONE.lending);
    }
}
