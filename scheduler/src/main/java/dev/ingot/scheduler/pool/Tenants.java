package dev.ingot.scheduler.pool;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * Reservations, and who is covered by them. A tenant's Premium workloads are covered in the order of their seniority, as many as
 * fit into its reservation together; the others run on what is idle, as Standard does, and are reclaimed in the same way. Each counts with the
 * most that any of its alternatives needs: so it may have each of them, and who is covered does not change with what happens to be free.
 */
final class Tenants {
    private final Map<String, Resources> reservations = new TreeMap<>();
    /** Premium workloads that run or want to, by tenant. */
    private final Map<String, TreeSet<Workload>> premium = new HashMap<>();
    /** Tenants for which something has changed: from whom on, in the order of seniority. */
    private final Map<String, Workload> outdated = new HashMap<>();
    /** What is covered of a tenant up to one of its workloads, that one included. */
    private final Map<Workload, Resources> covered = new HashMap<>();

    /** Keeps track of a workload whose state has changed. */
    void file(Workload workload) {
        if (workload.spec.tier() != Tier.PREMIUM) {
            return;
        }
        TreeSet<Workload> own =
                premium.computeIfAbsent(workload.spec.tenant(), absent -> new TreeSet<>(Workload.SENIORITY));
        boolean gone = workload.state.isEnded() || workload.state == WorkloadState.HELD;
        boolean changed = gone ? own.remove(workload) : own.add(workload);
        if (gone) {
            covered.remove(workload);
        }
        if (reservations.isEmpty() && workload.standing == Tier.PREMIUM) {
            return;
        } else if (gone && workload.gang != null) {
            // The others need less than they did.
            outdate(own);
        } else if (changed) {
            outdated.merge(workload.spec.tenant(), workload, Tenants::moreSenior);
        }
    }

    private void outdate(NavigableSet<Workload> own) {
        if (!own.isEmpty()) {
            outdated.put(own.first().spec.tenant(), own.first());
        }
    }

    private static Workload moreSenior(Workload one, Workload other) {
        return Workload.SENIORITY.compare(one, other) <= 0 ? one : other;
    }

    void reserve(String tenant, Resources reservation) {
        // With the first reservation, and without the last, all stand otherwise.
        premium.values().forEach(this::outdate);
        if (reservation.equals(Resources.NONE)) {
            reservations.remove(tenant);
        } else {
            reservations.put(tenant, reservation);
        }
    }

    /** By tenant. */
    Map<String, Resources> reservations() {
        return reservations;
    }

    /** What all but {@code tenant} have reserved. */
    Resources reservedByOthers(String tenant) {
        Resources sum = Resources.NONE;
        for (Map.Entry<String, Resources> reservation : reservations.entrySet()) {
            if (!reservation.getKey().equals(tenant)) {
                sum = sum.plus(reservation.getValue());
            }
        }
        return sum;
    }

    /** Tells of every Premium workload whose standing is another one now. */
    void updateStandings(BiConsumer<Workload, Tier> change) {
        if (outdated.isEmpty()) {
            return;
        }
        Map<Workload, Tier> changes = new TreeMap<>(Workload.SENIORITY);
        outdated.forEach((tenant, from) -> {
            TreeSet<Workload> own = premium.get(tenant);
            if (own != null) {
                updateStandings(own, from, changes);
            }
        });
        outdated.clear();
        changes.forEach(change);
    }

    private void updateStandings(NavigableSet<Workload> own, Workload from, Map<Workload, Tier> changes) {
        Workload before = own.lower(from);
        Resources sum = before == null ? Resources.NONE : covered.getOrDefault(before, Resources.NONE);
        for (Workload workload : own.tailSet(from, true)) {
            Resources reserved = reservations.getOrDefault(workload.spec.tenant(), Resources.NONE);
            Resources with = sum.plus(workload.most());
            boolean isCovered = with.fitsIn(reserved);
            sum = isCovered ? with : sum;
            covered.put(workload, sum);
            Tier standing = reservations.isEmpty() || isCovered ? Tier.PREMIUM : Tier.STANDARD;
            if (standing != workload.standing) {
                changes.put(workload, standing);
            }
        }
    }

    /** All tenants that have a reservation or a workload placed, by name. */
    Map<String, TenantView> views(Iterable<Node> nodes) {
        Map<String, TenantView> views = new TreeMap<>();
        reservations.forEach(
                (name, reserved) -> views.put(name, new TenantView(name, reserved, Resources.NONE, Resources.NONE)));
        for (Node node : nodes) {
            for (Workload workload : node.workloads) {
                String name = workload.spec.tenant();
                TenantView view = Objects.requireNonNullElse(
                        views.get(name), new TenantView(name, Resources.NONE, Resources.NONE, Resources.NONE));
                Resources needs = workload.needs();
                boolean covered = workload.standing == Tier.PREMIUM && reservations.containsKey(name);
                views.put(
                        name,
                        new TenantView(
                                name,
                                view.reserved(),
                                view.used().plus(needs),
                                covered ? view.usedOfReservation().plus(needs) : view.usedOfReservation()));
            }
        }
        return views;
    }
}
