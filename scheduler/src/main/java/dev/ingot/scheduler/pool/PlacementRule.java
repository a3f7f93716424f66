package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where somebody wants a workload, or the members of a gang beside each other.
 *
 * @param within where it has to run; {@link Location#NOWHERE} if anywhere
 * @param together all members of the gang have to be in one of these; null if they need not be
 * @param spread so many members of the gang at most in one of each of these
 */
public record PlacementRule(Location within, @Nullable Level together, Map<Level, Integer> spread) {
    /** Anywhere. */
    public static final PlacementRule NONE = new PlacementRule(Location.NOWHERE, null, Map.of());

    public PlacementRule {
        spread = Map.copyOf(spread);
    }

    /** Whether it may run anywhere. */
    public boolean isNone() {
        return equals(NONE);
    }

    /** Whether it says how members of a gang are to lie beside each other. */
    public boolean isOfGangs() {
        return together != null || !spread.isEmpty();
    }

    /** Whether the members of a gang may be on these nodes, one for each. */
    boolean allows(List<Node> nodes) {
        Spread counts = new Spread(this);
        String domain = null;
        for (Node node : nodes) {
            if (!node.location.isIn(within) || counts.take(node, 1) == 0) {
                return false;
            }
            if (together != null) {
                String other = node.domain(together);
                if (other == null || (domain != null && !domain.equals(other))) {
                    return false;
                }
                domain = other;
            }
        }
        return true;
    }

    /** As people read it. */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        if (!within.equals(Location.NOWHERE)) {
            parts.add("within " + within);
        }
        if (together != null) {
            parts.add("all in one " + name(together));
        }
        new TreeMap<>(spread).forEach((level, most) -> parts.add("at most " + most + " in one " + name(level)));
        return parts.isEmpty() ? "anywhere" : String.join(", ", parts);
    }

    static String name(Level level) {
        return switch (level) {
            case NODE -> "node";
            case RACK -> "rack";
            case ZONE -> "zone";
            case REGION -> "region";
        };
    }
}
