package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What tenants hold and have held. A tenant's <em>dominant share</em> is the largest of its shares of the pool's cores, memory and devices
 * (Ghodsi et al., Dominant Resource Fairness, NSDI 2011). Its <em>history</em> is the decayed mean of that share: a tenant that has held a
 * tenth of the pool for long has one of a tenth, half a half-life after it held its last. What is a part of another tenant counts for that one as
 * well; of a tenant that has parts, its own workloads are accounted for by themselves too. Confined to the core's writer.
 */
final class Shares {
    private final double halfLifeMillis;
    private final Map<String, Account> accounts = new TreeMap<>();
    private final Set<String> holders = new TreeSet<>();
    private Resources capacity = Resources.NONE;

    Shares(long halfLifeMillis) {
        this.halfLifeMillis = halfLifeMillis;
    }

    private static final class Account {
        Resources held = Resources.NONE;
        double history;
        long since;
        /** Of the tenant's own workloads; null while it has no parts, as that would be the same. */
        @Nullable Account own;
        /** All that change with what is the tenant's own. */
        final List<Account> affected = new ArrayList<>(1);

        Account() {
            affected.add(this);
        }
    }

    private Account account(String tenant) {
        Account known = accounts.get(tenant);
        if (known != null) {
            return known;
        }
        Account account = new Account();
        for (String each = TenantPath.parent(tenant); each != null; each = TenantPath.parent(each)) {
            Account ancestor = account(each);
            own(each, ancestor);
            account.affected.add(ancestor);
        }
        accounts.put(tenant, account);
        return account;
    }

    /** Up to now all that a tenant had was its own. */
    private Account own(String tenant, Account whole) {
        Account own = whole.own;
        if (own == null) {
            own = new Account();
            own.held = whole.held;
            own.history = whole.history;
            own.since = whole.since;
            whole.own = own;
            whole.affected.add(own);
            accounts.put(TenantPath.own(tenant), own);
        }
        return own;
    }

    /** A tenant has a workload, which may hold something later. */
    void know(String tenant) {
        if (TenantPath.parent(tenant) != null) {
            account(tenant);
        }
    }

    /** Whether a tenant has parts, so that what is its own is not all that it holds. */
    boolean hasParts(String tenant) {
        Account account = accounts.get(tenant);
        return account != null && account.own != null;
    }

    private @Nullable Account find(String key) {
        Account account = accounts.get(key);
        return account == null && TenantPath.isOwn(key) ? accounts.get(TenantPath.ofOwn(key)) : account;
    }

    /** What all nodes have from {@code now} on. */
    void setCapacity(Resources capacity, long now) {
        if (!capacity.equals(this.capacity)) {
            accounts.values().forEach(account -> accrue(account, now));
            this.capacity = capacity;
        }
    }

    /** A tenant's workload has got a place. */
    void place(Workload workload, long now) {
        Account account = account(workload.spec.tenant());
        for (Account each : account.affected) {
            accrue(each, now);
            each.held = each.held.plus(workload.needs());
        }
        noteHolder(workload.spec.tenant(), account);
    }

    /** A tenant's workload has left its place. */
    void remove(Workload workload, long now) {
        Account account = account(workload.spec.tenant());
        for (Account each : account.affected) {
            accrue(each, now);
            each.held = each.held.minus(workload.needs());
        }
        noteHolder(workload.spec.tenant(), account);
    }

    private void noteHolder(String tenant, Account account) {
        Resources own = account.own == null ? account.held : account.own.held;
        if (own.equals(Resources.NONE)) {
            holders.remove(tenant);
        } else {
            holders.add(tenant);
        }
    }

    private void accrue(Account account, long now) {
        account.history = history(account, now);
        account.since = now;
    }

    private double history(Account account, long now) {
        double factor = Decay.factor(now - account.since, halfLifeMillis);
        return account.history * factor + share(account.held) * (1 - factor);
    }

    /** The dominant share of an amount. */
    double share(Resources amount) {
        return Math.max(
                part(amount.milliCores(), capacity.milliCores()),
                Math.max(
                        part(amount.memoryMiB(), capacity.memoryMiB()),
                        part(amount.milliDevices(), capacity.milliDevices())));
    }

    private static double part(long amount, long whole) {
        return whole == 0 ? 0 : (double) amount / whole;
    }

    /** The tenants whose own workloads hold anything now, by name. */
    Collection<String> holders() {
        return holders;
    }

    /** What a tenant holds now, with its parts, or what its {@linkplain TenantPath#own own} workloads do. */
    Resources held(String key) {
        Account account = find(key);
        return account == null ? Resources.NONE : account.held;
    }

    double history(String key, long now) {
        Account account = find(key);
        return account == null ? 0 : history(account, now);
    }

    /** By tenant; what is held is told by the workloads. */
    Map<String, UsageSnapshot> snapshot() {
        Map<String, UsageSnapshot> snapshots = new TreeMap<>();
        accounts.forEach((tenant, account) -> snapshots.put(tenant, new UsageSnapshot(account.history, account.since)));
        return snapshots;
    }

    /** Takes over what tenants have held, before any workload is placed. */
    void restore(Resources restoredCapacity, Map<String, UsageSnapshot> snapshots) {
        capacity = restoredCapacity;
        snapshots.forEach((key, snapshot) -> {
            boolean own = TenantPath.isOwn(key);
            Account whole = account(own ? TenantPath.ofOwn(key) : key);
            Account account = own ? own(TenantPath.ofOwn(key), whole) : whole;
            account.history = snapshot.history();
            account.since = snapshot.since();
        });
    }

    /** Places a workload of a restored pool, which changes no history. */
    void placeRestored(Workload workload) {
        Account account = account(workload.spec.tenant());
        for (Account each : account.affected) {
            each.held = each.held.plus(workload.needs());
        }
        noteHolder(workload.spec.tenant(), account);
    }
}
