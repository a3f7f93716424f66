package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Workloads that run, but not on the fastest of their alternatives: those that may move up to a faster one when that is free, and those for which
 * a move would not pay yet. Confined to the core's writer.
 */
final class Rising {
    private static final Comparator<NavigableMap<Long, Workload>> STRONGEST =
            Comparator.<NavigableMap<Long, Workload>, Tier>comparing(alike -> first(alike).standing)
                    .thenComparing(Rising::first, Workload.SENIORITY);

    private final NavigableSet<Workload> later =
            new TreeSet<>(Comparator.<Workload>comparingLong(workload -> workload.upAt)
                    .thenComparingLong(workload -> workload.number));
    /** Those of each group by number. */
    private final Map<Alike, NavigableMap<Long, Workload>> due = new HashMap<>();

    private final Map<Workload, Alike> filed = new HashMap<>();
    /** From when on how many of all may move up, whether or not that is past. */
    private final NavigableMap<Long, Integer> times = new TreeMap<>();

    /** What decides on where there is something faster for one. */
    private record Alike(
            Tier standing,
            int priority,
            String tenant,
            List<Alternative> alternatives,
            int choice,
            PlacementRule placement) {}

    private static Workload first(NavigableMap<Long, Workload> alike) {
        return alike.firstEntry().getValue();
    }

    /** Its state, its standing or its place has changed. */
    void put(Workload workload) {
        remove(workload);
        if (workload.upAt != Workload.NEVER) {
            later.add(workload);
            times.merge(workload.upAt, 1, Integer::sum);
        }
    }

    /** It is another one from now on when, or whether, it may move up. */
    void set(Workload workload, long upAt) {
        remove(workload);
        workload.upAt = upAt;
        put(workload);
    }

    private void remove(Workload workload) {
        if (workload.upAt == Workload.NEVER) {
            return;
        }
        Alike alike = filed.remove(workload);
        if (later.remove(workload) || alike != null) {
            times.computeIfPresent(workload.upAt, (at, count) -> count == 1 ? null : count - 1);
        }
        NavigableMap<Long, Workload> others = alike == null ? null : due.get(alike);
        if (others != null && others.remove(workload.number) != null && others.isEmpty()) {
            due.remove(alike);
        }
    }

    /**
     * Those that may move up now, alike ones together, first the strongest. Of more than {@code most} only so many, others each time.
     *
     * @param start decides at which of more it begins
     */
    List<List<Workload>> due(long now, int start, int most) {
        file(now);
        List<NavigableMap<Long, Workload>> groups = new ArrayList<>(due.values());
        groups.sort(STRONGEST);
        List<List<Workload>> some = new ArrayList<>();
        if (filed.size() <= most) {
            groups.forEach(alike -> some.add(List.copyOf(alike.values())));
            return some;
        }
        int left = most;
        int first = Math.floorMod(start, groups.size());
        for (int i = 0; i < groups.size() && left > 0; i++) {
            List<Workload> alike = some(groups.get((first + i) % groups.size()), start, left);
            some.add(alike);
            left -= alike.size();
        }
        return some;
    }

    private static List<Workload> some(NavigableMap<Long, Workload> alike, int start, int most) {
        long from = alike.firstKey() + Math.floorMod((long) start, alike.lastKey() - alike.firstKey() + 1);
        List<Workload> some = new ArrayList<>();
        for (Map<Long, Workload> part : List.of(alike.tailMap(from, true), alike.headMap(from, false))) {
            for (Workload workload : part.values()) {
                if (some.size() == most) {
                    return some;
                }
                some.add(workload);
            }
        }
        return some;
    }

    private void file(long now) {
        while (!later.isEmpty() && later.first().upAt <= now) {
            Workload workload = later.pollFirst();
            Alike alike = new Alike(
                    workload.standing,
                    workload.spec.priority(),
                    workload.spec.tenant(),
                    workload.spec.alternatives(),
                    workload.choice(),
                    workload.spec.placement());
            filed.put(workload, alike);
            due.computeIfAbsent(alike, absent -> new TreeMap<>()).put(workload.number, workload);
        }
    }

    boolean isEmpty() {
        return times.isEmpty();
    }

    /** Whether anybody may move up now. */
    boolean isDue(long now) {
        return !times.isEmpty() && times.firstKey() <= now;
    }

    /** When one of those may move up that may not yet; {@link Long#MAX_VALUE} for never. */
    long next(long now) {
        Long next = times.higherKey(now);
        return next == null ? Long.MAX_VALUE : next;
    }
}
