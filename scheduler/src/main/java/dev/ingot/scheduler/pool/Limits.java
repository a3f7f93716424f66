package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What tenants, each with its parts, may have at most, and what they have used of their budgets. Confined to the core's writer. */
final class Limits {
    private final Shares shares;
    private final Tenants tenants;
    private final Map<String, Entry> entries = new TreeMap<>();
    private int lenders;

    Limits(Shares shares, Tenants tenants) {
        this.shares = shares;
        this.tenants = tenants;
    }

    /**
     * What of a budget was used, since when.
     *
     * @param coreMillis thousandths of cores times milliseconds
     * @param deviceMillis thousandths of accelerators times milliseconds
     */
    private record Used(double coreMillis, double deviceMillis, long windowStart) {}

    private static final class Entry {
        TenantLimits limits = TenantLimits.NONE;
        Used used = new Used(0, 0, 0);
        long since;
        /** In the window that began then it was told that the budget is used up. */
        long reportedIn = Workload.NEVER;

        /** What is used if so much was held until {@code now}. */
        Used at(long now, Resources held) {
            long begun = used.windowStart;
            long from = since;
            Budget budget = limits.budget();
            if (budget != null && budget.windowMillis() > 0 && now - begun >= budget.windowMillis()) {
                begun += (now - begun) / budget.windowMillis() * budget.windowMillis();
                from = Math.max(from, begun);
            }
            boolean goesOn = begun == used.windowStart;
            return new Used(
                    (goesOn ? used.coreMillis : 0) + (double) held.milliCores() * (now - from),
                    (goesOn ? used.deviceMillis : 0) + (double) held.milliDevices() * (now - from),
                    begun);
        }

        boolean isUsedUp(Used now, Resources needs) {
            Budget budget = limits.budget();
            return budget != null
                    && ((needs.milliCores() > 0 && left(budget.milliCoreHours(), now.coreMillis) <= 0)
                            || (needs.milliDevices() > 0 && left(budget.milliDeviceHours(), now.deviceMillis) <= 0));
        }

        static double left(long milliHours, double used) {
            return milliHours * Budget.HOUR_MILLIS - used;
        }
    }

    boolean areNone() {
        return entries.isEmpty();
    }

    void set(long now, String tenant, TenantLimits limits) {
        Entry entry = entries.computeIfAbsent(tenant, absent -> new Entry());
        Budget before = entry.limits.budget();
        Budget after = limits.budget();
        boolean goesOn = before != null && after != null && before.windowMillis() == after.windowMillis();
        entry.used = goesOn ? entry.at(now, shares.held(tenant)) : new Used(0, 0, now);
        entry.since = now;
        entry.reportedIn = Workload.NEVER;
        entry.limits = limits;
        if (limits.equals(TenantLimits.NONE)) {
            entries.remove(tenant);
        }
        countLenders();
    }

    private void countLenders() {
        lenders = 0;
        for (Entry each : entries.values()) {
            lenders += each.limits.limitsLending() ? 1 : 0;
        }
    }

    /** What a tenant holds is about to change. */
    void accrue(long now, String tenant) {
        if (entries.isEmpty()) {
            return;
        }
        for (String each = tenant; each != null; each = TenantPath.parent(each)) {
            Entry entry = entries.get(each);
            if (entry != null) {
                entry.used = entry.at(now, shares.held(each));
                entry.since = now;
            }
        }
    }

    /** The limits of a tenant. */
    TenantLimits of(String tenant) {
        Entry entry = entries.get(tenant);
        return entry == null ? TenantLimits.NONE : entry.limits;
    }

    /** What a tenant has used of its budget; null if it has none. */
    @Nullable BudgetUse use(String tenant, long now) {
        Entry entry = entries.get(tenant);
        Budget budget = entry == null ? null : entry.limits.budget();
        if (entry == null || budget == null) {
            return null;
        }
        Used used = entry.at(now, shares.held(tenant));
        return new BudgetUse(
                (long) (used.coreMillis / Budget.HOUR_MILLIS),
                (long) (used.deviceMillis / Budget.HOUR_MILLIS),
                budget.windowMillis() == 0 ? 0 : used.windowStart + budget.windowMillis());
    }

    /* ---- What they forbid ---- */

    /** The innermost tenant whose budget does not let anything that needs this be placed; null if there is none. */
    @Nullable String withoutBudget(String tenant, Resources needs, long now) {
        for (String each = tenant; each != null; each = TenantPath.parent(each)) {
            Entry entry = entries.get(each);
            if (entry != null && entry.isUsedUp(entry.at(now, shares.held(each)), needs)) {
                return each;
            }
        }
        return null;
    }

    /**
     * The innermost tenant that would hold more than it may; null if there is none.
     *
     * @param held what tenants hold otherwise
     * @param more what is to be held as well
     */
    @Nullable String atMost(String tenant, Resources more, Held held) {
        for (String each = tenant; each != null; each = TenantPath.parent(each)) {
            Resources most = most(each);
            if (most != null && exceeds(held.of(each).plus(more), most, more)) {
                return each;
            }
        }
        return null;
    }

    /** What tenants hold, in some view of it. */
    interface Held {
        /** What a tenant holds, with its parts. */
        Resources of(String tenant);
    }

    /** What a tenant may hold; null if there is no limit. */
    @Nullable Resources most(String tenant) {
        Entry entry = entries.get(tenant);
        boolean limited = entry != null && !entry.limits.borrowing().equals(TenantLimits.NONE.borrowing());
        return entry == null || !limited ? null : tenants.reserved(tenant).plus(entry.limits.borrowing());
    }

    /** Whether of something that is needed there is more than there may be. */
    static boolean exceeds(Resources amount, Resources most, Resources needs) {
        return (needs.milliCores() > 0 && amount.milliCores() > most.milliCores())
                || (needs.memoryMiB() > 0 && amount.memoryMiB() > most.memoryMiB())
                || (needs.milliDevices() > 0 && amount.milliDevices() > most.milliDevices());
    }

    /**
     * Whether something would be taken of reservations of others that these do not lend.
     *
     * @param more what is to be held as well
     * @param held what tenants hold otherwise
     * @param others tenants that may hold something in that view, though they hold nothing yet
     */
    boolean takesWhatIsNotLent(
            String tenant, Resources more, Resources capacity, Held held, Collection<String> others) {
        if (lenders == 0) {
            return false;
        }
        Set<String> roots = new TreeSet<>();
        shares.holders().forEach(each -> roots.add(TenantPath.root(each)));
        others.forEach(each -> roots.add(TenantPath.root(each)));
        Resources all = more;
        for (String root : roots) {
            all = all.plus(held.of(root));
        }
        Resources notLent = notLent(null, tenant, held);
        return !notLent.equals(Resources.NONE) && exceeds(all.plus(notLent), capacity, more);
    }

    /** What the parts of a tenant, or of all, have reserved, do not use, and do not lend to another one. */
    private Resources notLent(@Nullable String whole, String to, Held held) {
        Resources sum = Resources.NONE;
        for (String part : partsWithLimits(whole)) {
            Resources kept = Resources.NONE;
            TenantLimits limits = of(part);
            if (limits.limitsLending() && !TenantPath.isWithin(to, part)) {
                kept = kept.max(tenants.reserved(part).minus(limits.lending()).minus(held.of(part)));
            }
            sum = sum.plus(kept.max(notLent(part, to, held)));
        }
        return sum;
    }

    /** The parts of a tenant, or of all, that have limits, or of which a part at any depth does. */
    private Iterable<String> partsWithLimits(@Nullable String whole) {
        TreeSet<String> parts = new TreeSet<>();
        String prefix = whole == null ? "" : TenantPath.own(whole);
        for (String each : entries.keySet()) {
            if (each.startsWith(prefix) && each.length() > prefix.length()) {
                parts.add(prefix + TenantPath.root(each.substring(prefix.length())));
            }
        }
        return parts;
    }

    /* ---- When they are reached ---- */

    /** By name, the tenants that have used up a budget, or hold more than they may. */
    List<String> exceeded(long now) {
        List<String> exceeded = new ArrayList<>();
        entries.forEach((tenant, entry) -> {
            Resources held = shares.held(tenant);
            Resources most = most(tenant);
            if (entry.isUsedUp(entry.at(now, held), held) || (most != null && !held.fitsIn(most))) {
                exceeded.add(tenant);
            }
        });
        return exceeded;
    }

    /** Whether a tenant's own budget is used up for what needs that. */
    boolean isUsedUp(String tenant, Resources needs, long now) {
        Entry entry = entries.get(tenant);
        return entry != null && entry.isUsedUp(entry.at(now, shares.held(tenant)), needs);
    }

    /** Whether it is to be told that a tenant's budget is used up; the first time in each window that this is asked. */
    boolean isNews(String tenant, long now) {
        Entry entry = entries.get(tenant);
        long window = entry == null ? Workload.NEVER : entry.at(now, shares.held(tenant)).windowStart;
        if (entry == null || entry.reportedIn == window) {
            return false;
        }
        entry.reportedIn = window;
        return true;
    }

    /** When a budget is used up, or begins anew, next; {@link Long#MAX_VALUE} for never. */
    long next(long now) {
        long next = Long.MAX_VALUE;
        for (Map.Entry<String, Entry> each : entries.entrySet()) {
            Entry entry = each.getValue();
            Budget budget = entry.limits.budget();
            if (budget != null) {
                Resources held = shares.held(each.getKey());
                Used used = entry.at(now, held);
                next = Math.min(
                        next, reached(now, Entry.left(budget.milliCoreHours(), used.coreMillis), held.milliCores()));
                next = Math.min(
                        next,
                        reached(now, Entry.left(budget.milliDeviceHours(), used.deviceMillis), held.milliDevices()));
                if (budget.windowMillis() > 0) {
                    next = Math.min(next, used.windowStart + budget.windowMillis());
                }
            }
        }
        return next;
    }

    private static long reached(long now, double left, long rate) {
        double millis = rate == 0 || left <= 0 ? Double.MAX_VALUE : Math.ceil(left / rate);
        return millis >= TenantLimits.ANY ? Long.MAX_VALUE : now + (long) millis;
    }

    /* ---- Snapshots ---- */

    /** By tenant. */
    Map<String, LimitsSnapshot> snapshot() {
        Map<String, LimitsSnapshot> snapshots = new TreeMap<>();
        entries.forEach((tenant, entry) -> snapshots.put(
                tenant,
                new LimitsSnapshot(
                        entry.limits,
                        entry.used.coreMillis,
                        entry.used.deviceMillis,
                        entry.since,
                        entry.used.windowStart,
                        entry.reportedIn)));
        return snapshots;
    }

    void restore(Map<String, LimitsSnapshot> snapshots) {
        snapshots.forEach((tenant, snapshot) -> {
            Entry entry = new Entry();
            entry.limits = snapshot.limits();
            entry.used = new Used(snapshot.coreMillis(), snapshot.deviceMillis(), snapshot.windowStart());
            entry.since = snapshot.since();
            entry.reportedIn = snapshot.reportedIn();
            entries.put(tenant, entry);
        });
        countLenders();
    }
}
