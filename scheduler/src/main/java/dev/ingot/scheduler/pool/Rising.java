package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Workloads that run, but not on the fastest of their alternatives: those that may move up to a faster one when that is free, and those for which
 * a move would not pay yet. Confined to the core's writer.
 */
final class Rising {
    private static final Comparator<NavigableSet<Workload>> STRONGEST =
            Comparator.<NavigableSet<Workload>, Tier>comparing(alike -> alike.first().standing)
                    .thenComparing(NavigableSet::first, Workload.SENIORITY);

    private final NavigableSet<Workload> later =
            new TreeSet<>(Comparator.<Workload>comparingLong(workload -> workload.upAt)
                    .thenComparingLong(workload -> workload.number));
    private final Map<Alike, NavigableSet<Workload>> due = new HashMap<>();
    private final Map<Workload, Alike> filed = new HashMap<>();

    /** What decides on where there is something faster for one. */
    private record Alike(Tier standing, List<Alternative> alternatives, int choice, PlacementRule placement) {}

    /** Its state, its standing or its place has changed. */
    void put(Workload workload) {
        if (workload.upAt == Workload.NEVER && !filed.containsKey(workload)) {
            return;
        }
        remove(workload);
        if (workload.upAt != Workload.NEVER) {
            later.add(workload);
        }
    }

    /** It is another one from now on when, or whether, it may move up. */
    void set(Workload workload, long upAt) {
        if (upAt == Workload.NEVER && workload.upAt == Workload.NEVER) {
            return;
        }
        remove(workload);
        workload.upAt = upAt;
        put(workload);
    }

    private void remove(Workload workload) {
        later.remove(workload);
        Alike alike = filed.remove(workload);
        NavigableSet<Workload> others = alike == null ? null : due.get(alike);
        if (others != null && others.remove(workload) && others.isEmpty()) {
            due.remove(alike);
        }
    }

    /** Those that may move up now, alike ones together, first the strongest. */
    List<NavigableSet<Workload>> due(long now) {
        while (!later.isEmpty() && later.first().upAt <= now) {
            Workload workload = later.pollFirst();
            Alike alike = new Alike(
                    workload.standing, workload.spec.alternatives(), workload.choice(), workload.spec.placement());
            filed.put(workload, alike);
            due.computeIfAbsent(alike, absent -> new TreeSet<>(Workload.SENIORITY))
                    .add(workload);
        }
        List<NavigableSet<Workload>> sorted = new ArrayList<>(due.values());
        sorted.sort(STRONGEST);
        return sorted;
    }

    boolean isEmpty() {
        return later.isEmpty() && filed.isEmpty();
    }

    /** Whether one of these standings may move up now. */
    boolean isDue(Set<Tier> standings) {
        for (Alike alike : due.keySet()) {
            if (standings.contains(alike.standing)) {
                return true;
            }
        }
        return false;
    }

    /** When one of those may move up that may not yet; {@link Long#MAX_VALUE} for never. */
    long next() {
        return later.isEmpty() ? Long.MAX_VALUE : later.first().upAt;
    }
}
