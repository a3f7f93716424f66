package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
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
    static @Nullable Victims on(
            Room room, Workload preemptor, List<Workload> candidates, Turns turns, Planner planner) {
        if (room.expected().fits(preemptor.needs())) {
            return of(room, List.of(), planner);
        }
        // Sums first, which cost less.
        Resources sum = room.expected().total();
        for (Workload candidate : candidates) {
            sum = sum.plus(candidate.demand());
        }
        if (!preemptor.needs().fitsIn(sum)) {
            return null;
        }
        Space all = room.expected();
        for (Workload candidate : candidates) {
            all = all.plus(Planner.freed(room, candidate));
        }
        if (!all.fits(preemptor.needs())) {
            return null;
        }
        List<Workload> cheapest = new ArrayList<>(candidates);
        cheapest.sort(Comparator.<Workload, Tier>comparing(workload -> workload.standing, Comparator.reverseOrder())
                .thenComparingLong(planner::cost)
                // Of equals, who came last.
                .thenComparing(workload -> workload.number, Comparator.reverseOrder()));
        return cheapest.size() <= MOST_EXHAUSTIVE
                ? best(room, preemptor, cheapest, turns, planner)
                : thinned(room, preemptor, cheapest, turns, planner);
    }

    static Victims of(Room room, List<Workload> workloads, Planner planner) {
        Map<Tier, Long> costs = new EnumMap<>(Tier.class);
        for (Workload workload : workloads) {
            costs.merge(workload.standing, planner.cost(workload), Long::sum);
        }
        return new Victims(room, workloads, costs);
    }

    private static @Nullable Victims best(
            Room room, Workload preemptor, List<Workload> cheapest, Turns turns, Planner planner) {
        return best(null, room, preemptor, cheapest, 0, new ArrayList<>(), turns, planner);
    }

    /** The better of {@code best} and what can be made of those chosen and of candidates from {@code next} on. */
    private static @Nullable Victims best(
            @Nullable Victims best,
            Room room,
            Workload preemptor,
            List<Workload> candidates,
            int next,
            List<Workload> chosen,
            Turns turns,
            Planner planner) {
        Victims found = best;
        for (int i = next; i < candidates.size(); i++) {
            chosen.add(candidates.get(i));
            // With more of them it would only become dearer.
            Victims victims = of(room, List.copyOf(chosen), planner);
            if ((found == null || victims.compareTo(found) < 0) && areFair(preemptor, chosen, turns)) {
                found = isEnough(room, preemptor, chosen)
                        ? victims
                        : best(found, room, preemptor, candidates, i + 1, chosen, turns, planner);
            }
            chosen.remove(chosen.size() - 1);
        }
        return found;
    }

    private static @Nullable Victims thinned(
            Room room, Workload preemptor, List<Workload> cheapest, Turns turns, Planner planner) {
        List<Workload> chosen = new ArrayList<>();
        for (Workload candidate : cheapest) {
            if (isEnough(room, preemptor, chosen)) {
                break;
            }
            chosen.add(candidate);
            if (!areFair(preemptor, chosen, turns)) {
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
        Space expected = room.expected();
        for (Workload workload : chosen) {
            expected = expected.plus(Planner.freed(room, workload));
        }
        return expected.fits(preemptor.needs());
    }

    /** Whether no tenant of the same standing loses more together than it may. */
    private static boolean areFair(Workload preemptor, List<Workload> chosen, Turns turns) {
        for (Workload each : chosen) {
            if (takesTurn(preemptor, each)) {
                Resources loss = Resources.NONE;
                for (Workload victim : chosen) {
                    boolean same = takesTurn(preemptor, victim)
                            && turns.rival(victim.spec.tenant()).equals(turns.rival(each.spec.tenant()));
                    loss = same ? loss.plus(victim.demand()) : loss;
                }
                if (!turns.mayTake(each.spec.tenant(), each.standing, loss)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean takesTurn(Workload preemptor, Workload victim) {
        return victim.standing == preemptor.standing
                && !victim.spec.tenant().equals(preemptor.spec.tenant())
                && !Planner.isLent(victim, preemptor);
    }

    private long cost(Tier tier) {
        return costs.getOrDefault(tier, 0L);
    }

    @Override
    public int compareTo(Victims other) {
        return LEAST_COST.compare(this, other);
    }
}
