package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tenant as it was at one instant.
 *
 * @param name a path, as in {@code research/vision}; amounts are of all its parts together
 * @param reserved what its Premium workloads may use whatever others do
 * @param used what its workloads of all tiers hold on nodes
 * @param usedOfReservation the part of that which its reservation covers
 * @param limits what it may have
 * @param budgetUse what of its budget it has used; null if it has none
 */
public record TenantView(
        String name,
        Resources reserved,
        Resources used,
        Resources usedOfReservation,
        TenantLimits limits,
        @Nullable BudgetUse budgetUse) {
    /** What it may have, and what of its budget it has used; {@code -} if it has no limits. */
    public String limitsText() {
        List<String> parts = new ArrayList<>();
        add(parts, "borrows", limits.borrowing());
        add(parts, "lends", limits.lending());
        Budget budget = limits.budget();
        if (budget != null && budgetUse != null) {
            add(parts, budgetUse.milliCoreHours(), budget.milliCoreHours(), "core-hours");
            add(parts, budgetUse.milliDeviceHours(), budget.milliDeviceHours(), "device-hours");
        }
        return parts.isEmpty() ? "-" : String.join("; ", parts);
    }

    private static void add(List<String> parts, String verb, Resources most) {
        String amount = TenantLimits.text(most);
        if (!amount.isEmpty()) {
            parts.add(verb + " at most " + amount);
        }
    }

    private static void add(List<String> parts, long used, long most, String unit) {
        if (most < TenantLimits.ANY) {
            parts.add("used " + Resources.thousandths(used) + " of " + Resources.thousandths(most) + " " + unit);
        }
    }
}
