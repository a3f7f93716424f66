package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Room that is being made for workloads of which each waits for nothing but the one place: what a plan finds of them depends on the node alone.
 * So a plan looks only at those on nodes that have changed since the plan before, however many there are. Confined to the core's writer.
 */
final class Promises {
    private final Map<Workload, Promise> promises = new HashMap<>();
    private final Map<String, NavigableSet<Promise>> byNode = new HashMap<>();
    private final Map<String, Resources> byTenant = new HashMap<>();
    /** Of tenants with parts, what all parts are promised. */
    private final Map<String, Resources> toParts = new HashMap<>();
    /** The nodes that have changed since a plan looked at the promises there. */
    private final Set<String> changed = new HashSet<>();

    /**
     * @param needs what is promised
     * @param standing which the workload had when it was noted
     */
    record Promise(Workload workload, Resources needs, String node, Tier standing) implements Comparable<Promise> {
        private static final Comparator<Promise> ORDER =
                Comparator.comparing(Promise::standing).thenComparingLong(promise -> promise.workload.number);

        @Override
        public int compareTo(Promise other) {
            return ORDER.compare(this, other);
        }
    }

    /** The promise made to a workload; null if it is to have no room, or waits for more than that. */
    static @Nullable Promise of(Workload workload) {
        Claim claim = workload.claim;
        return claim != null
                        && claim.certain()
                        && workload.state == WorkloadState.QUEUED
                        && workload.gang == null
                        && workload.beyond == null
                ? new Promise(workload, workload.claimed(), claim.node(), workload.standing)
                : null;
    }

    /** Notes what a workload is promised now; null for nothing. */
    void set(Workload workload, @Nullable Promise after) {
        Promise before = promises.get(workload);
        if (after == null ? before == null : after.equals(before)) {
            return;
        }
        String tenant = workload.spec.tenant();
        if (before != null) {
            promises.remove(workload);
            NavigableSet<Promise> there = byNode.get(before.node);
            if (there != null && there.remove(before) && there.isEmpty()) {
                byNode.remove(before.node);
                changed.remove(before.node);
            }
            nodeChanged(before.node);
            promise(tenant, Resources.NONE.minus(before.needs));
        }
        if (after != null) {
            promises.put(workload, after);
            byNode.computeIfAbsent(after.node, absent -> new TreeSet<>()).add(after);
            nodeChanged(after.node);
            promise(tenant, after.needs);
        }
    }

    private void promise(String tenant, Resources more) {
        byTenant.merge(tenant, more, Promises::sum);
        for (String each = TenantPath.parent(tenant); each != null; each = TenantPath.parent(each)) {
            toParts.merge(each, more, Promises::sum);
        }
    }

    private static @Nullable Resources sum(Resources some, Resources more) {
        Resources sum = some.plus(more);
        return sum.equals(Resources.NONE) ? null : sum;
    }

    /** Anything of a node is not as it was. */
    void nodeChanged(String node) {
        if (byNode.containsKey(node)) {
            changed.add(node);
        }
    }

    /** The nodes at which the promises have to be looked at. */
    Collection<String> changedNodes() {
        return changed;
    }

    /** The nodes at which anything is promised. */
    Collection<String> nodes() {
        return byNode.keySet();
    }

    /** All promises have been looked at, and what followed from that is about to be done. */
    void lookedAt() {
        changed.clear();
    }

    boolean isEmpty() {
        return promises.isEmpty();
    }

    boolean isMadeTo(Workload workload) {
        return promises.containsKey(workload);
    }

    boolean areAt(String node) {
        return byNode.containsKey(node);
    }

    /** Those at a node, the stronger standing and then who came first first. */
    Collection<Promise> at(String node) {
        NavigableSet<Promise> there = byNode.get(node);
        return there == null ? List.of() : there;
    }

    /** The workloads of one standing to which room at a node is promised, who came first first. */
    List<Workload> at(String node, Tier standing) {
        List<Workload> workloads = new ArrayList<>();
        for (Promise promise : at(node)) {
            if (promise.standing == standing) {
                workloads.add(promise.workload);
            }
        }
        return workloads;
    }

    /** All that a tenant's workloads are promised, with those of its parts, or its {@linkplain TenantPath#own own} alone. */
    Resources promisedTo(String key) {
        if (TenantPath.isOwn(key)) {
            return byTenant.getOrDefault(TenantPath.ofOwn(key), Resources.NONE);
        }
        Resources own = byTenant.getOrDefault(key, Resources.NONE);
        return toParts.isEmpty() ? own : own.plus(toParts.getOrDefault(key, Resources.NONE));
    }
}
