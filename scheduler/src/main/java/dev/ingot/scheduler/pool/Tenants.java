package dev.ingot.scheduler.pool;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * Reservations, and who is covered by them. A tenant's Premium workloads are covered in the order of their seniority, as many as
 * fit into its reservation together; the others run on what is idle, as Standard does, and are reclaimed in the same way.
 */
final class Tenants {
    private final Map<String, Resources> reservations = new TreeMap<>();
    /** Premium workloads that run or want to. */
    private final TreeSet<Workload> premium = new TreeSet<>(Workload.SENIORITY);

    private boolean outdated;

    /** Keeps track of a workload whose state has changed. */
    void file(Workload workload) {
        if (workload.spec.tier() != Tier.PREMIUM) {
            return;
        }
        boolean gone = workload.state.isEnded() || workload.state == WorkloadState.HELD;
        outdated |= gone ? premium.remove(workload) : premium.add(workload);
    }

    void reserve(String tenant, Resources reservation) {
        outdated = true;
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
        if (!outdated) {
            return;
        }
        outdated = false;
        Map<String, Resources> covered = new HashMap<>();
        for (Workload workload : premium) {
            Tier standing = reservations.isEmpty() || isCovered(workload, covered) ? Tier.PREMIUM : Tier.STANDARD;
            if (standing != workload.standing) {
                change.accept(workload, standing);
            }
        }
    }

    private boolean isCovered(Workload workload, Map<String, Resources> covered) {
        String tenant = workload.spec.tenant();
        Resources reserved = Objects.requireNonNullElse(reservations.get(tenant), Resources.NONE);
        Resources before = Objects.requireNonNullElse(covered.get(tenant), Resources.NONE);
        Resources with = before.plus(workload.demand());
        if (with.fitsIn(reserved)) {
            covered.put(tenant, with);
            return true;
        }
        return false;
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
                Resources needs = workload.spec.needs();
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
