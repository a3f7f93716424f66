package dev.ingot.scheduler.pool;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Nodes that lie together and take workloads: all there are, or those of a region, zone or rack. Confined to the core's writer, who alone
 * changes it by {@link NodeIndex#refile}.
 */
final class Domain {
    /** The one with least left first. */
    static final Comparator<Domain> TIGHTEST = Comparator.<Domain>comparingLong(domain -> domain.left.milliDevices())
            .thenComparingLong(domain -> domain.left.milliCores())
            .thenComparingLong(domain -> domain.left.memoryMiB())
            .thenComparing(domain -> domain.location.path());

    final Location location;
    private final TightestFirst<Node> free = new TightestFirst<>();
    private final NavigableSet<Node> nodes = new TreeSet<>(NodeIndex.SCATTERED);
    /** How many nodes there are of each size. */
    private final Map<Space, Integer> sizes = new HashMap<>();
    /** The sum of what they have free; nothing is owed. */
    private Resources left = Resources.NONE;

    Domain(Location location) {
        this.location = location;
    }

    /** A node of that size comes. */
    void add(Node node, Space size) {
        nodes.add(node);
        sizes.merge(size, 1, Domain::sumUnlessNone);
    }

    /** It goes. */
    void remove(Node node, Space size) {
        nodes.remove(node);
        sizes.merge(size, -1, Domain::sumUnlessNone);
    }

    /** A node that is here has so much free. */
    void addFree(Node node, TightestFirst.Place place, Resources amount) {
        free.put(place, node);
        left = left.plus(amount);
    }

    /** It has not any more. */
    void removeFree(TightestFirst.Place place, Resources amount) {
        free.remove(place);
        left = left.minus(amount);
    }

    private static @Nullable Integer sumUnlessNone(Integer one, Integer other) {
        int sum = one + other;
        return sum == 0 ? null : sum;
    }

    /** Whether a node is here, whether or not it takes workloads. */
    boolean holds(Node node) {
        return node.location.isIn(location);
    }

    boolean isEmpty() {
        return nodes.isEmpty();
    }

    /** Those with least free first. */
    TightestFirst<Node> free() {
        return free;
    }

    /** In an order that has nothing to do with what they are called. */
    NavigableSet<Node> nodes() {
        return nodes;
    }

    /** Whether so much may be free; there may still be no room for it in one piece. */
    boolean mayHave(Resources amount) {
        return amount.fitsIn(left);
    }

    /** How many such amounts would fit if all were empty, {@code most} at most. */
    int mostEver(Resources needs, int most) {
        long times = 0;
        for (Map.Entry<Space, Integer> size : sizes.entrySet()) {
            times += (long) size.getKey().times(needs, most) * size.getValue();
        }
        return (int) Math.min(times, most);
    }
}
