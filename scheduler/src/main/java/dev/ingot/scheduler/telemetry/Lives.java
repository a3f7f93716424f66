package dev.ingot.scheduler.telemetry;

import dev.ingot.scheduler.pool.PoolEvent;
import dev.ingot.scheduler.pool.Tier;
import dev.ingot.scheduler.pool.WorkloadState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Puts the lives of workloads together from events. Not thread-safe. */
final class Lives {
    /** Is told of each stretch that has ended. */
    interface Listener {
        void ended(Stretch stretch);
    }

    private record Part(PoolEvent began, Tier tier) {}

    private final List<Listener> listeners;
    private final Map<String, Part> present = new HashMap<>();
    private long sequence;

    Lives(List<Listener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    /** The number of the newest event that was taken. */
    long sequence() {
        return sequence;
    }

    /**
     * Takes the events that follow.
     *
     * @param tierOf of a workload by its id; null if it is not known any more
     * @param told whether to tell of what ends with them, or only to learn where workloads are
     */
    void take(List<PoolEvent> events, Function<String, @Nullable Tier> tierOf, boolean told) {
        for (PoolEvent event : events) {
            sequence = event.sequence();
            String workload = event.workload();
            WorkloadState state = event.state();
            if (workload != null && state != null) {
                take(workload, state, event, tierOf, told);
            }
        }
    }

    private void take(
            String workload,
            WorkloadState state,
            PoolEvent event,
            Function<String, @Nullable Tier> tierOf,
            boolean told) {
        Part part = present.remove(workload);
        Tier tier = part == null ? tierOf.apply(workload) : part.tier();
        if (tier == null) {
            return;
        }
        if (part != null && told) {
            tell(workload, part, state, event);
        }
        if (!state.isEnded()) {
            present.put(workload, new Part(event, tier));
        }
    }

    private void tell(String workload, Part part, WorkloadState next, PoolEvent event) {
        PoolEvent began = part.began();
        WorkloadState state = began.state();
        String tenant = began.tenant();
        if (state == null || tenant == null) {
            return;
        }
        Stretch stretch = new Stretch(
                workload,
                tenant,
                part.tier(),
                state,
                began.epoch(),
                began.node(),
                began.epoch() <= (state.isPlaced() ? 1 : 0),
                began.atMillis(),
                event.atMillis(),
                next,
                event.reason());
        listeners.forEach(listener -> listener.ended(stretch));
    }
}
