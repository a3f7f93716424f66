package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Nodes by what a plan looks for, so that it need not look at each: by what they have free, by whom they hold, and those that time or a user
 * does something to. Confined to the core's writer.
 */
final class NodeIndex {
    private static final Comparator<Node> BY_NAME = Comparator.comparing(node -> node.name);
    /** As good as random, so that whoever looks at some of them looks at different ones each time. */
    private static final Comparator<Node> SCATTERED =
            Comparator.<Node>comparingInt(node -> node.scatter).thenComparing(node -> node.name);

    private final TightestFirst<Node> free = new TightestFirst<>();
    private final Map<Tier, NavigableSet<Node>> holders = new EnumMap<>(Tier.class);
    private final Map<Tier, NavigableSet<Node>> lenders = new EnumMap<>(Tier.class);
    private final NavigableSet<Node> releasing = new TreeSet<>(SCATTERED);
    private final NavigableSet<Node> attended = new TreeSet<>(BY_NAME);
    /** How many nodes there are of each size that take workloads. */
    private final Map<Resources, Integer> sizes = new HashMap<>();

    private final Map<String, Filed> filed = new TreeMap<>();
    private Resources capacity = Resources.NONE;

    NodeIndex() {
        for (Tier tier : Tier.values()) {
            holders.put(tier, new TreeSet<>(SCATTERED));
            lenders.put(tier, new TreeSet<>(SCATTERED));
        }
    }

    /**
     * What of a node is in the index.
     *
     * @param place null if it takes no workloads
     */
    private record Filed(TightestFirst.@Nullable Place place, Resources size, Resources living) {
        static final Filed NOWHERE = new Filed(null, Resources.NONE, Resources.NONE);
    }

    /** Anything of a node has changed. */
    void refile(Node node) {
        Filed before = filed.getOrDefault(node.name, Filed.NOWHERE);
        boolean takes = node.takesWorkloads();
        Filed after = new Filed(
                takes ? new TightestFirst.Place(node.free(), node.name) : null,
                takes ? node.capacity() : Resources.NONE,
                node.alive ? node.capacity() : Resources.NONE);
        if (!after.equals(before)) {
            filed.put(node.name, after);
            if (before.place != null) {
                free.remove(before.place);
                sizes.merge(before.size, -1, NodeIndex::sumUnlessNone);
            }
            if (after.place != null) {
                free.put(after.place, node);
                sizes.merge(after.size, 1, NodeIndex::sumUnlessNone);
            }
            capacity = capacity.minus(before.living).plus(after.living);
        }
        for (Tier tier : Tier.values()) {
            file(node, takes && node.holds(tier), holders.get(tier));
            file(node, takes && node.lends(tier), lenders.get(tier));
        }
        file(node, takes && !node.releasing.isNone(), releasing);
        file(node, node.draining || node.leaving || node.health.isQuarantined(), attended);
    }

    private static @Nullable Integer sumUnlessNone(Integer one, Integer other) {
        int sum = one + other;
        return sum == 0 ? null : sum;
    }

    private static void file(Node node, boolean belongs, @Nullable NavigableSet<Node> set) {
        if (set == null) {
            throw new IllegalStateException("a tier without nodes");
        } else if (belongs) {
            set.add(node);
        } else {
            set.remove(node);
        }
    }

    /** What the living nodes have. */
    Resources capacity() {
        return capacity;
    }

    /** Nodes that are drained, about to end or quarantined, by name. */
    Collection<Node> attended() {
        return attended;
    }

    /** Nodes that take workloads, those with least free first. */
    TightestFirst<Node> free() {
        return free;
    }

    /** How many such amounts would fit on all nodes that take workloads if they were empty, {@code most} at most. */
    int mostEver(Resources needs, int most) {
        long times = 0;
        for (Map.Entry<Resources, Integer> size : sizes.entrySet()) {
            times += (long) Space.of(size.getKey()).times(needs, most) * size.getValue();
        }
        return (int) Math.min(times, most);
    }

    /** Nodes with workloads of that standing that are to stay, {@code most} at most. */
    List<Node> holders(Tier standing, int start, int most) {
        return some(holders.get(standing), start, most);
    }

    /** Whether there are nodes with workloads of that standing that are to stay. */
    boolean isHeld(Tier standing) {
        return isAny(holders.get(standing));
    }

    /** Whether there are nodes with copies of that standing that their gangs could do without. */
    boolean isLent(Tier standing) {
        return isAny(lenders.get(standing));
    }

    private static boolean isAny(@Nullable NavigableSet<Node> set) {
        return set != null && !set.isEmpty();
    }

    /** Nodes with copies of that standing that their gangs could do without. */
    List<Node> lenders(Tier standing, int start, int most) {
        return some(lenders.get(standing), start, most);
    }

    /** Nodes on which somebody is being suspended or ended. */
    List<Node> releasing(int start, int most) {
        return some(releasing, start, most);
    }

    private static List<Node> some(@Nullable NavigableSet<Node> set, int start, int most) {
        List<Node> some = new ArrayList<>();
        if (set != null) {
            Node from = Node.at(start);
            for (NavigableSet<Node> part : List.of(set.tailSet(from, true), set.headSet(from, false))) {
                for (Node node : part) {
                    if (some.size() == most) {
                        return some;
                    }
                    some.add(node);
                }
            }
        }
        return some;
    }
}
