package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What workloads usually need of devices: how many were submitted lately with which needs. By it is told how much of what a node has left is of no
 * use to anybody, the measure of Weng et al., Beware of Fragmentation: Scheduling GPU-Sharing Workloads with Fragmentation Gradient
 * Descent, USENIX ATC 2023. Confined to the core's writer.
 *
 * <p>There, for one kind of workload, all that is left of a node's devices is a fragment where it does not fit, for want of cores, memory or
 * devices; where it does, what is left of those devices that are too full for it. A node's fragmentation is the mean of that over the mix of
 * kinds; that of a cluster the sum over its nodes.
 */
final class Mix {
    /** Of more submissions, all count half. */
    private static final int MOST_COUNTED = 4096;
    /** Of more kinds, the rarest are left out. */
    private static final int MOST_KINDS = 64;

    private static final Comparator<KindSnapshot> COMMON = Comparator.<KindSnapshot>comparingInt(kind -> -kind.count())
            .thenComparingLong(kind -> kind.needs().milliDevices())
            .thenComparingLong(kind -> kind.needs().milliCores())
            .thenComparingLong(kind -> kind.needs().memoryMiB());

    private final Map<Resources, Integer> counts = new HashMap<>();
    private final TreeSet<KindSnapshot> kinds = new TreeSet<>(COMMON);
    private List<KindSnapshot> usual = List.of();
    private int counted;

    /** So many workloads that each need so much were submitted. Who needs no device can use nothing of any, wherever others are. */
    void add(Resources needs, int times) {
        if (needs.milliDevices() == 0) {
            return;
        }
        put(needs, times);
        while (counted > MOST_COUNTED) {
            List<KindSnapshot> all = List.copyOf(kinds);
            restore(List.of());
            all.stream().filter(kind -> kind.count() > 1).forEach(kind -> put(kind.needs(), kind.count() / 2));
        }
        usual = kinds.stream().limit(MOST_KINDS).toList();
    }

    private void put(Resources needs, int times) {
        int before = counts.getOrDefault(needs, 0);
        kinds.remove(new KindSnapshot(needs, before));
        kinds.add(new KindSnapshot(needs, before + times));
        counts.put(needs, before + times);
        counted += times;
    }

    /** How much of the devices is left over, summed over the mix. */
    long fragments(Space left) {
        long sum = 0;
        for (KindSnapshot kind : usual) {
            sum += kind.count() * left.unusableFor(kind.needs());
        }
        return sum;
    }

    /** All kinds, the most common first. */
    List<KindSnapshot> snapshot() {
        return new ArrayList<>(kinds);
    }

    void restore(List<KindSnapshot> snapshot) {
        counts.clear();
        kinds.clear();
        counted = 0;
        snapshot.forEach(kind -> put(kind.needs(), kind.count()));
        usual = kinds.stream().limit(MOST_KINDS).toList();
    }
}
