package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
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
    static final Comparator<Node> SCATTERED =
            Comparator.<Node>comparingInt(node -> node.scatter).thenComparing(node -> node.name);

    private final Domain whole = new Domain(Location.NOWHERE);
    private final List<Domain> everywhere = List.of(whole);
    /** Regions, zones and racks with nodes that take workloads, by path. */
    private final Map<Level, NavigableMap<String, Domain>> domains = new EnumMap<>(Level.class);

    private final Map<Tier, NavigableSet<Node>> holders = new EnumMap<>(Tier.class);
    private final Map<Tier, NavigableSet<Node>> lenders = new EnumMap<>(Tier.class);
    private final NavigableSet<Node> releasing = new TreeSet<>(SCATTERED);
    private final NavigableSet<Node> attended = new TreeSet<>(BY_NAME);
    private final NavigableSet<Node> onProbation = new TreeSet<>(BY_NAME);
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
     * @param left the sum of what it has free, without what it owes
     */
    private record Filed(
            TightestFirst.@Nullable Place place, Space size, Resources left, Location location, Resources living) {
        static final Filed NOWHERE = new Filed(null, Space.NONE, Resources.NONE, Location.NOWHERE, Resources.NONE);

        boolean isInstead(Filed other) {
            return place != null && other.place != null && size.equals(other.size) && location.equals(other.location);
        }
    }

    /** Anything of a node has changed. */
    void refile(Node node) {
        Filed before = filed.getOrDefault(node.name, Filed.NOWHERE);
        boolean takes = node.takesWorkloads();
        Filed after = new Filed(
                takes ? new TightestFirst.Place(node.free(), node.name) : null,
                takes ? node.whole() : Space.NONE,
                takes ? left(node) : Resources.NONE,
                node.location,
                node.alive ? node.capacity() : Resources.NONE);
        if (!after.equals(before)) {
            filed.put(node.name, after);
            if (before.place != null) {
                for (Domain domain : domains(before.location)) {
                    domain.removeFree(before.place, before.left);
                    if (!after.isInstead(before)) {
                        domain.remove(node, before.size);
                    }
                }
            }
            if (after.place != null) {
                for (Domain domain : domains(after.location)) {
                    domain.addFree(node, after.place, after.left);
                    if (!after.isInstead(before)) {
                        domain.add(node, after.size);
                    }
                }
            }
            forgetEmpty(before.location);
            capacity = capacity.minus(before.living).plus(after.living);
        }
        for (Tier tier : Tier.values()) {
            file(node, takes && node.holds(tier), holders.get(tier));
            file(node, takes && node.lends(tier), lenders.get(tier));
        }
        file(node, takes && !node.releasing.isNone(), releasing);
        file(node, takes && node.isOnProbation(), onProbation);
        file(node, node.draining || node.leaving || node.health.isAttended(), attended);
    }

    /** Only asked for of what has a location, since it takes its time. */
    private static Resources left(Node node) {
        if (node.location.equals(Location.NOWHERE)) {
            return Resources.NONE;
        }
        Resources left = node.free().total();
        return new Resources(Math.max(0, left.milliCores()), Math.max(0, left.memoryMiB()), left.milliDevices());
    }

    /** All that a node there is in. */
    private List<Domain> domains(Location location) {
        if (location.equals(Location.NOWHERE)) {
            return everywhere;
        }
        List<Domain> all = new ArrayList<>(everywhere);
        for (Level level : Level.OF_LOCATIONS) {
            String path = location.domain(level);
            if (path != null) {
                all.add(ofLevel(level).computeIfAbsent(path, absent -> new Domain(new Location(absent))));
            }
        }
        return all;
    }

    private void forgetEmpty(Location location) {
        for (Level level : Level.OF_LOCATIONS) {
            String path = location.domain(level);
            Domain domain = path == null ? null : ofLevel(level).get(path);
            if (domain != null && domain.isEmpty()) {
                ofLevel(level).remove(domain.location.path());
            }
        }
    }

    private NavigableMap<String, Domain> ofLevel(Level level) {
        return domains.computeIfAbsent(level, absent -> new TreeMap<>());
    }

    /** All nodes that take workloads. */
    Domain whole() {
        return whole;
    }

    /** Those that take workloads there, which may be none. */
    Domain within(Location location) {
        if (location.equals(Location.NOWHERE)) {
            return whole;
        }
        for (Level level : Level.OF_LOCATIONS) {
            if (location.path().equals(location.domain(level))) {
                Domain domain = ofLevel(level).get(location.path());
                return domain == null ? new Domain(location) : domain;
            }
        }
        throw new IllegalStateException("location '" + location + "' is of no level");
    }

    /** The regions, zones or racks there, by path; where that is one itself or only a part of one, it alone. */
    Collection<Domain> domains(Level level, Location within) {
        if (within.domain(level) != null) {
            return List.of(within(within));
        }
        NavigableMap<String, Domain> all = ofLevel(level);
        String path = within.path();
        // The character after the slash is 0.
        return path.isEmpty()
                ? all.values()
                : all.subMap(path + "/", true, path + "0", false).values();
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

    /** Whether there are nodes on probation that take a workload. */
    boolean isAnyOnProbation() {
        return !onProbation.isEmpty();
    }

    /** Nodes that are drained, about to end, or not simply healthy, by name. */
    Collection<Node> attended() {
        return attended;
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

    /** Those of a domain, {@code most} at most. */
    static List<Node> some(Domain domain, int start, int most) {
        return some(domain.nodes(), start, most);
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
