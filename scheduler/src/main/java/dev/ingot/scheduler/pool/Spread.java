package dev.ingot.scheduler.pool;

import java.util.HashMap;
import java.util.Map;

/**
 * Counts members of one gang while places are chosen for them, where only so many may be in one region, zone, rack or node. Those lie within
 * each other, so whoever takes what is left one after the other gets as many as there can be. Not thread-safe.
 */
final class Spread {
    private final Map<Level, Integer> most;
    private final Map<String, Integer> counts = new HashMap<>();

    Spread(PlacementRule rule) {
        this.most = rule.spread();
    }

    /** Places up to so many on a node; how many. */
    int take(Node node, int wanted) {
        if (most.isEmpty()) {
            return wanted;
        }
        int taken = Math.min(wanted, left(node));
        for (Level level : most.keySet()) {
            String domain = node.domain(level);
            if (domain != null && taken > 0) {
                counts.merge(domain, taken, Integer::sum);
            }
        }
        return taken;
    }

    /** How many more may be on a node: none on one that is in no rack, where it is about racks. */
    int left(Node node) {
        int left = Integer.MAX_VALUE;
        for (Map.Entry<Level, Integer> limit : most.entrySet()) {
            String domain = node.domain(limit.getKey());
            left = Math.min(left, domain == null ? 0 : limit.getValue() - counts.getOrDefault(domain, 0));
        }
        return Math.max(0, left);
    }
}
