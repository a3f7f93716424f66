package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who would be suspended on a node to make room there, possibly nobody where enough is becoming free anyway. The better choice
 * is the lesser: weaker tiers, then what costs less together, then fewer.
 *
 * @param costs in milliseconds
 */
record Victims(Room room, List<Workload> workloads, Map<Tier, Long> costs) implements Comparable<Victims> {
    /** Of so many candidates at most all sets are looked at; of more, sets are put together by cost and thinned out. */
    private static final int MOST_EXHAUSTIVE = 8;

    private static final Comparator<Victims> LEAST_COST = Comparator.<Victims>comparingLong(
                    victims -> victims.cost(Tier.PREMIUM))
            .thenComparingLong(victims -> victims.cost(Tier.STANDARD))
            .thenComparingLong(victims -> victims.cost(Tier.BASIC))
            .thenComparingInt(victims -> victims.workloads.size())
            .thenComparing(victims -> victims.room.node.name);

    /**
     * No more than are needed for {@code preemptor}.
     *
     * @param candidates each of which may be suspended
     * @return null if they are not enough
     */
    static @Nullable Victims on(Room room, Workload preemptor, List<Workload> candidates, Planner planner) {
        if (preemptor.spec.needs().fitsIn(room.expected())) {
            return of(room, List.of(), planner);
        }
        Resources all = room.expected();
        for (Workload candidate : candidates) {
            all = all.plus(Planner.freed(room, candidate));
        }
        if (!preemptor.spec.needs().fitsIn(all)) {
            return null;
        }
        List<Workload> cheapest = new ArrayList<>(candidates);
        cheapest.sort(Comparator.<Workload, Tier>comparing(workload -> workload.standing, Comparator.reverseOrder())
                .thenComparingLong(planner::cost)
                // Of equals, who came last.
                .thenComparing(workload -> workload.number, Comparator.reverseOrder()));
        return cheapest.size() <= MOST_EXHAUSTIVE
                ? best(room, preemptor, cheapest, planner)
                : thinned(room, preemptor, cheapest, planner);
    }

    private static Victims of(Room room, List<Workload> workloads, Planner planner) {
        Map<Tier, Long> costs = new EnumMap<>(Tier.class);
        for (Workload workload : workloads) {
            costs.merge(workload.standing, planner.cost(workload), Long::sum);
        }
        return new Victims(room, workloads, costs);
    }

    private static @Nullable Victims best(Room room, Workload preemptor, List<Workload> cheapest, Planner planner) {
        Victims best = null;
        for (int set = 1; set < 1 << cheapest.size(); set++) {
            List<Workload> chosen = new ArrayList<>();
            for (int i = 0; i < cheapest.size(); i++) {
                if ((set & 1 << i) != 0) {
                    chosen.add(cheapest.get(i));
                }
            }
            if (isEnough(room, preemptor, chosen) && areFair(preemptor, chosen, planner)) {
                Victims victims = of(room, chosen, planner);
                if (best == null || victims.compareTo(best) < 0) {
                    best = victims;
                }
            }
        }
        return best;
    }

    private static @Nullable Victims thinned(Room room, Workload preemptor, List<Workload> cheapest, Planner planner) {
        List<Workload> chosen = new ArrayList<>();
        for (Workload candidate : cheapest) {
            if (isEnough(room, preemptor, chosen)) {
                break;
            }
            chosen.add(candidate);
            if (!areFair(preemptor, chosen, planner)) {
                chosen.remove(candidate);
            }
        }
        if (!isEnough(room, preemptor, chosen)) {
            return null;
        }
        for (int i = chosen.size() - 1; i >= 0; i--) {
            Workload dearest = chosen.remove(i);
            if (!isEnough(room, preemptor, chosen)) {
                chosen.add(i, dearest);
            }
        }
        return of(room, chosen, planner);
    }

    private static boolean isEnough(Room room, Workload preemptor, List<Workload> chosen) {
        Resources expected = room.expected();
        for (Workload workload : chosen) {
            expected = expected.plus(Planner.freed(room, workload));
        }
        return preemptor.spec.needs().fitsIn(expected);
    }

    /** Whether no tenant of the same standing loses more together than it may. */
    private static boolean areFair(Workload preemptor, List<Workload> chosen, Planner planner) {
        Map<String, Resources> losses = new HashMap<>();
        for (Workload victim : chosen) {
            if (victim.standing == preemptor.standing && !Planner.isLent(victim, preemptor)) {
                losses.merge(victim.spec.tenant(), victim.demand(), Resources::plus);
            }
        }
        return losses.entrySet().stream()
                .allMatch(loss -> planner.mayTakeTurn(preemptor, loss.getKey(), preemptor.standing, loss.getValue()));
    }

    private long cost(Tier tier) {
        return costs.getOrDefault(tier, 0L);
    }

    @Override
    public int compareTo(Victims other) {
        return LEAST_COST.compare(this, other);
    }
}
