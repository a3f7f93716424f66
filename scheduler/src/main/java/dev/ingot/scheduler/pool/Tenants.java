package dev.ingot.scheduler.pool;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reservations, and who is covered by them. A tenant's Premium workloads are covered in the order of their seniority, as many as
 * fit into its reservation together; the others run on what is idle, as Standard does, and are reclaimed in the same way. Each counts with the
 * most that any of its alternatives needs: so it may have each of them, and who is covered does not change with what happens to be free.
 *
 * <p>Of a tree of tenants all Premium workloads are taken in one order. Each is covered by the reservation of its tenant, and, as far as that is
 * not enough, by what that one's whole has reserved beyond the reservations of its parts.
 */
final class Tenants {
    private final Map<String, Resources> reservations = new TreeMap<>();
    /** Premium workloads that run or want to, by the first part of their tenants' names. */
    private final Map<String, TreeSet<Workload>> premium = new HashMap<>();
    /** Those of {@link #premium} for which something has changed: from whom on, in the order of seniority. */
    private final Map<String, Workload> outdated = new HashMap<>();
    /** What is covered of a tenant without parts up to one of its workloads, that one included. */
    private final Map<Workload, Resources> covered = new HashMap<>();
    /** The tenants that have parts, and are none. */
    private final Set<String> trees = new HashSet<>();

    /** Keeps track of a workload whose state has changed. */
    void file(Workload workload) {
        if (workload.spec.tier() != Tier.PREMIUM) {
            return;
        }
        String root = root(workload.spec.tenant());
        TreeSet<Workload> own = premium.computeIfAbsent(root, absent -> new TreeSet<>(Workload.SENIORITY));
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
            outdated.merge(root, workload, Tenants::moreSenior);
        }
    }

    private String root(String tenant) {
        String root = TenantPath.root(tenant);
        if (root.length() < tenant.length()) {
            trees.add(root);
        }
        return root;
    }

    private void outdate(NavigableSet<Workload> own) {
        if (!own.isEmpty()) {
            outdated.put(TenantPath.root(own.first().spec.tenant()), own.first());
        }
    }

    private static Workload moreSenior(Workload one, Workload other) {
        return Workload.SENIORITY.compare(one, other) <= 0 ? one : other;
    }

    void reserve(String tenant, Resources reservation) {
        // With the first reservation, and without the last, all stand otherwise.
        premium.values().forEach(this::outdate);
        root(tenant);
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

    /** What a tenant has reserved. */
    Resources reserved(String tenant) {
        return reservations.getOrDefault(tenant, Resources.NONE);
    }

    /** What all but {@code tenant} have reserved that are parts of the same one, or none. */
    Resources reservedByOthers(String tenant) {
        return reservedBelow(TenantPath.parent(tenant), tenant);
    }

    /** What the parts of a tenant have reserved. */
    Resources reservedByParts(String tenant) {
        return reservedBelow(tenant, null);
    }

    private Resources reservedBelow(@Nullable String parent, @Nullable String except) {
        Resources sum = Resources.NONE;
        for (Map.Entry<String, Resources> reservation : reservations.entrySet()) {
            String tenant = reservation.getKey();
            if (Objects.equals(TenantPath.parent(tenant), parent) && !tenant.equals(except)) {
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
            if (own != null && trees.contains(tenant)) {
                updateStandings(own, new Coverage(tenant, reservations), changes);
            } else if (own != null) {
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
            note(workload, isCovered, changes);
        }
    }

    private void updateStandings(NavigableSet<Workload> own, Coverage coverage, Map<Workload, Tier> changes) {
        for (Workload workload : own) {
            note(workload, coverage.cover(workload.spec.tenant(), workload.most()), changes);
        }
    }

    private void note(Workload workload, boolean isCovered, Map<Workload, Tier> changes) {
        Tier standing = reservations.isEmpty() || isCovered ? Tier.PREMIUM : Tier.STANDARD;
        if (standing != workload.standing) {
            changes.put(workload, standing);
        }
    }

    /** All tenants that have a reservation, limits or a workload placed, and those of which they are parts, by name. */
    Map<String, TenantView> views(Iterable<Node> nodes, Limits limits, long now) {
        Map<String, Amounts> amounts = new TreeMap<>();
        reservations.keySet().forEach(name -> add(amounts, name, Resources.NONE, false));
        limits.snapshot().keySet().forEach(name -> add(amounts, name, Resources.NONE, false));
        for (Node node : nodes) {
            for (Workload workload : node.workloads) {
                add(amounts, workload.spec.tenant(), workload.needs(), workload.standing == Tier.PREMIUM);
            }
        }
        Map<String, TenantView> views = new TreeMap<>();
        amounts.forEach((name, each) -> views.put(
                name,
                new TenantView(
                        name, reserved(name), each.used, each.ofReservation, limits.of(name), limits.use(name, now))));
        return views;
    }

    /** @param ofReservation the part that its reservation covers */
    private record Amounts(Resources used, Resources ofReservation) {}

    private void add(Map<String, Amounts> all, String tenant, Resources needs, boolean covered) {
        for (String name = tenant; name != null; name = TenantPath.parent(name)) {
            Amounts before = all.getOrDefault(name, new Amounts(Resources.NONE, Resources.NONE));
            boolean counts = covered && reservations.containsKey(name);
            // What is more is covered by what the whole has reserved.
            Resources ofIt = counts ? before.ofReservation.plus(needs).min(reserved(name)) : before.ofReservation;
            all.put(name, new Amounts(before.used.plus(needs), ofIt));
        }
    }
}
