package dev.ingot.scheduler.pool;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Who could be suspended for others, while one plan is made: found once for all who ask. Not thread-safe.
 *
 * <p>Of more nodes than that only so many are looked at, others in each plan: the cheapest of so many is hardly dearer than the cheapest of all.
 */
final class Prey {
    static final int MOST_NODES = 128;

    private final NodeIndex index;
    private final int start;
    private final Predicate<Workload> mayGo;
    private final Map<Tier, List<Node>> nodes = new EnumMap<>(Tier.class);
    private final Map<Tier, Map<String, Set<Resources>>> sizes = new EnumMap<>(Tier.class);

    /**
     * @param start decides at which of many nodes it begins
     * @param mayGo whether a workload, and all that stop with it, may be suspended for one of its own standing
     */
    Prey(NodeIndex index, int start, Predicate<Workload> mayGo) {
        this.index = index;
        this.start = start;
        this.mayGo = mayGo;
    }

    /**
     * Nodes on which room is being made, or could be made by suspending weaker workloads or such of the same standing.
     *
     * @param same whether any of the same standing may have to go, not only what is lent
     */
    Set<Node> nodes(Tier standing, boolean same) {
        Set<Node> all = new LinkedHashSet<>(index.releasing(start, MOST_NODES));
        for (Tier tier : Tier.values()) {
            if (standing.mayTakeRoomOf(tier) || (same && tier == standing)) {
                all.addAll(holders(tier));
            } else if (tier == standing) {
                all.addAll(index.lenders(tier, start, MOST_NODES));
            }
        }
        return all;
    }

    private List<Node> holders(Tier tier) {
        return nodes.computeIfAbsent(tier, each -> index.holders(each, start, MOST_NODES));
    }

    /** How much a tenant would lose at once, in any way in which it could lose something of that standing. */
    Set<Resources> losses(Tier standing, String tenant) {
        Map<String, Set<Resources>> known = sizes.get(standing);
        if (known == null) {
            known = sizes(standing);
            sizes.put(standing, known);
        }
        return known.getOrDefault(tenant, Set.of());
    }

    private Map<String, Set<Resources>> sizes(Tier standing) {
        Map<String, Set<Resources>> found = new HashMap<>();
        Set<Gang> seen = new HashSet<>();
        for (Node node : holders(standing)) {
            for (Workload workload : node.workloads) {
                boolean first = workload.gang == null || seen.add(workload.gang);
                if (first && workload.standing == standing && mayGo.test(workload)) {
                    found.computeIfAbsent(workload.spec.tenant(), absent -> new HashSet<>())
                            .add(workload.demand());
                }
            }
        }
        return found;
    }
}
