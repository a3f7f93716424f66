package dev.ingot.scheduler.pool;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What tenants hold and have held. A tenant's <em>dominant share</em> is the largest of its shares of the pool's cores, memory and devices
 * (Ghodsi et al., Dominant Resource Fairness, NSDI 2011). Its <em>history</em> is the decayed mean of that share: a tenant that has held a
 * tenth of the pool for long has one of a tenth, half a half-life after it held its last. Confined to the core's writer.
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
    }

    private Account account(String tenant) {
        return accounts.computeIfAbsent(tenant, absent -> new Account());
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
        accrue(account, now);
        hold(workload.spec.tenant(), account, account.held.plus(workload.needs()));
    }

    /** A tenant's workload has left its place. */
    void remove(Workload workload, long now) {
        Account account = account(workload.spec.tenant());
        accrue(account, now);
        hold(workload.spec.tenant(), account, account.held.minus(workload.needs()));
    }

    private void hold(String tenant, Account account, Resources held) {
        account.held = held;
        if (held.equals(Resources.NONE)) {
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

    /** The tenants that hold anything now, by name. */
    Collection<String> holders() {
        return holders;
    }

    /** What a tenant holds now. */
    Resources held(String tenant) {
        Account account = accounts.get(tenant);
        return account == null ? Resources.NONE : account.held;
    }

    double history(String tenant, long now) {
        Account account = accounts.get(tenant);
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
        snapshots.forEach((tenant, snapshot) -> {
            Account account = account(tenant);
            account.history = snapshot.history();
            account.since = snapshot.since();
        });
    }

    /** Places a workload of a restored pool, which changes no history. */
    void placeRestored(Workload workload) {
        Account account = account(workload.spec.tenant());
        hold(workload.spec.tenant(), account, account.held.plus(workload.needs()));
    }
}
