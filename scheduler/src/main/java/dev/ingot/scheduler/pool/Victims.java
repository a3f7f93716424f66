package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who would be suspended on a node to make room there, possibly nobody where enough is becoming free anyway. The better choice
 * is the lesser: weaker tiers, then less memory to write and read, then fewer.
 */
record Victims(Room room, List<Workload> workloads) implements Comparable<Victims> {
    private static final Comparator<Workload> CHEAPEST = Comparator.<Workload, Tier>comparing(
                    workload -> workload.standing, Comparator.reverseOrder())
            .thenComparingLong(workload -> workload.spec.needs().memoryMiB())
            // Of equals, who came last.
            .thenComparing(workload -> workload.number, Comparator.reverseOrder());

    private static final Comparator<Victims> LEAST_COST = Comparator.<Victims>comparingLong(
                    victims -> victims.memory(Tier.PREMIUM))
            .thenComparingLong(victims -> victims.memory(Tier.STANDARD))
            .thenComparingLong(victims -> victims.memory(Tier.BASIC))
            .thenComparingInt(victims -> victims.workloads.size())
            .thenComparing(victims -> victims.room.node.name);

    /** No more than are needed for {@code preemptor}; null if all that may be suspended are not enough. */
    static @Nullable Victims on(Room room, Workload preemptor, Predicate<Workload> maySuspend) {
        Resources needs = preemptor.spec.needs();
        List<Workload> candidates = room.node.workloads.stream()
                .filter(victim -> preemptor.standing.mayTakeRoomOf(victim.standing) && maySuspend.test(victim))
                .sorted(CHEAPEST)
                .toList();
        Resources expected = room.expected();
        List<Workload> chosen = new ArrayList<>();
        for (Workload candidate : candidates) {
            if (needs.fitsIn(expected)) {
                break;
            }
            chosen.add(candidate);
            expected = expected.plus(candidate.spec.needs());
        }
        if (!needs.fitsIn(expected)) {
            return null;
        }
        for (int i = chosen.size() - 1; i >= 0; i--) {
            Resources without = expected.minus(chosen.get(i).spec.needs());
            if (needs.fitsIn(without)) {
                chosen.remove(i);
                expected = without;
            }
        }
        return new Victims(room, chosen);
    }

    private long memory(Tier tier) {
        return workloads.stream()
                .filter(victim -> victim.standing == tier)
                .mapToLong(victim -> victim.spec.needs().memoryMiB())
                .sum();
    }

    @Override
    public int compareTo(Victims other) {
        return LEAST_COST.compare(this, other);
    }
}
