package dev.ingot.scheduler.pool;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A workload as it was at one instant.
 *
 * @param standing the tier it is treated as: Premium beyond its tenant's reservation is Standard
 * @param node that it is placed on; null if on none
 * @param devices of that node which it has, or has a part of, by number
 * @param choice which of its alternatives it has there, by number
 * @param claim the node that keeps room for it; null if none does
 * @param image that it would go on from; null if it would begin
 * @param output what is certain of its output: no failover takes it back
 * @param base what it had written before its present epoch
 * @param problem what went wrong last; null if nothing did
 * @param served of the time in which it wanted to run, what it did run lately, in thousandths
 * @param due what its standing guarantees of that; what {@code served} lacks is its deficit
 */
public record WorkloadView(
        String id,
        WorkloadSpec spec,
        Tier standing,
        WorkloadState state,
        long epoch,
        @Nullable String node,
        List<Integer> devices,
        int choice,
        @Nullable String claim,
        @Nullable ImageReference image,
        List<OutputPart> output,
        List<OutputPart> base,
        int exitCode,
        long submittedMillis,
        long refusedAttempts,
        @Nullable String problem,
        int served,
        int due,
        List<Event> history) {
    /** The alternative that it has; null if it has no place. */
    public @Nullable Alternative alternative() {
        return node == null ? null : spec.alternatives().get(choice);
    }

    /** The id of a member of a gang. */
    public static String memberId(String gang, int index) {
        return index == 0 ? gang : gang + "." + index;
    }

    /** The id of the gang of which it is a copy, which is that of the first one; its own if it is of none. */
    public String gangId() {
        // Names may have dots, but the number behind the last hyphen is the pool's.
        int end = id.indexOf('.', id.lastIndexOf('-') + 1);
        return end < 0 ? id : id.substring(0, end);
    }
}
