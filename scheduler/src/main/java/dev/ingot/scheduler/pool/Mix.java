package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What workloads usually need of devices: how many were submitted lately with which needs. By it is told how much of what a node has left is of no
 * use to anybody. Confined to the core's writer.
 *
 * <p>The measure of Weng et al., Beware of Fragmentation: Scheduling GPU-Sharing Workloads with Fragmentation Gradient Descent, USENIX ATC 2023,
 * is what the <em>next</em> workload cannot use: for one kind, all that is left of a node's devices is a fragment where it does not fit, for
 * want of cores, memory or devices; where it does, what is left of those devices that are too full for it. A node's fragmentation is the
 * mean of that over the mix of kinds; that of a cluster the sum over its nodes.
 *
 * <p>That takes eight devices for useful where there are cores for one workload more. So to it is added, with the same weight, what is left
 * over once there have come as many of a kind as there is room for. Either alone packs worse than both.
 */
final class Mix {
    /** Of more submissions, all count half. */
    private static final int MOST_COUNTED = 4096;
    /** Of more kinds, the rarest are left out. */
    private static final int MOST_KINDS = 64;

    private static final Comparator<KindSnapshot> COMMON = Comparator.<KindSnapshot>comparingInt(kind -> -kind.count())
            .thenComparingLong(kind -> kind.needs().milliDevices())
            .thenComparingLong(kind -> kind.needs().milliCores())
            .thenComparingLong(kind -> kind.needs().memoryMiB())
            .thenComparing(kind -> kind.needs().kind());

    private final Map<Resources, Integer> counts = new HashMap<>();
    private final TreeSet<KindSnapshot> kinds = new TreeSet<>(COMMON);
    private int counted;
    /** The most common kinds: what each needs, and how often it was submitted. */
    private long[] usualCores = {};

    private long[] usualMemory = {};
    private int[] usualDevices = {};
    private AcceleratorKind[] usualKinds = {};
    private int[] usualCounts = {};

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
        chooseUsual();
    }

    private void put(Resources needs, int times) {
        int before = counts.getOrDefault(needs, 0);
        kinds.remove(new KindSnapshot(needs, before));
        kinds.add(new KindSnapshot(needs, before + times));
        counts.put(needs, before + times);
        counted += times;
    }

    private void chooseUsual() {
        int size = Math.min(MOST_KINDS, kinds.size());
        usualCores = new long[size];
        usualMemory = new long[size];
        usualDevices = new int[size];
        usualKinds = new AcceleratorKind[size];
        usualCounts = new int[size];
        Iterator<KindSnapshot> common = kinds.iterator();
        for (int i = 0; i < size; i++) {
            KindSnapshot kind = common.next();
            usualCores[i] = kind.needs().milliCores();
            usualMemory[i] = kind.needs().memoryMiB();
            usualDevices[i] = (int) kind.needs().milliDevices();
            usualKinds[i] = kind.needs().kind();
            usualCounts[i] = kind.count();
        }
    }

    /** How much of the devices is left over, by both measures, summed over the mix. */
    long fragments(Space left) {
        long twice = 2 * left.milliDevices();
        long sum = 0;
        for (int i = 0; i < usualCounts.length && twice > 0; i++) {
            sum += usualCounts[i]
                    * (twice - left.usableFor(usualCores[i], usualMemory[i], usualDevices[i], usualKinds[i]));
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
        chooseUsual();
    }
}
