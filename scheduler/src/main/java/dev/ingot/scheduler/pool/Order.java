package dev.ingot.scheduler.pool;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a node is to do about one workload. Orders are the whole of what a node is to hold at an instant: a workload, or an
 * epoch of it, that no order names is to be killed and forgotten. So they can be repeated and lost without harm.
 *
 * @param devices of the node which it has, or has a part of, by number; not told while it is only got ready
 * @param choice which of its alternatives it has, by number
 * @param image to go on from; null to begin
 * @param attempt counts the requests to suspend this epoch
 * @param company which copies of its gang run, as in {@code 0-2,5}; empty if it is a workload of its own
 * @param kept the directories of images that may still be needed, the newest that the pool knows last; older ones may go
 */
public record Order(
        String workload,
        long epoch,
        Goal goal,
        long attempt,
        List<Integer> devices,
        int choice,
        String company,
        @Nullable ImageReference image,
        List<String> kept,
        WorkloadSpec spec) {
    /** Which of its alternatives it has. */
    public Alternative alternative() {
        return spec.alternatives().get(choice);
    }

    /** For the only alternative of a workload. */
    public Order(
            String workload,
            long epoch,
            Goal goal,
            long attempt,
            List<Integer> devices,
            String company,
            @Nullable ImageReference image,
            List<String> kept,
            WorkloadSpec spec) {
        this(workload, epoch, goal, attempt, devices, 0, company, image, kept, spec);
    }

    public Order {
        devices = List.copyOf(devices);
        kept = List.copyOf(kept);
    }
}
