package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The newest events, numbered. Confined to the core's writer. */
final class EventLog {
    /** At least so many are kept, if there ever were. */
    static final int KEPT = 1 << 15;

    private final List<PoolEvent> events = new ArrayList<>();
    private long dropped;

    /** Notes what has become of a workload. */
    void note(long now, Workload workload, String reason) {
        add(new PoolEvent(
                last() + 1,
                now,
                workload.id,
                workload.spec.tenant(),
                workload.state,
                workload.epoch,
                workload.node,
                reason));
    }

    /** Notes what has become of a node or a tenant. */
    void note(long now, @Nullable String node, @Nullable String tenant, String reason) {
        add(new PoolEvent(last() + 1, now, null, tenant, null, 0, node, reason));
    }

    private void add(PoolEvent event) {
        events.add(event);
        if (events.size() == 2 * KEPT) {
            events.subList(0, KEPT).clear();
            dropped += KEPT;
        }
    }

    /** The number of the newest; 0 if there is none. */
    long last() {
        return dropped + events.size();
    }

    /** All that are kept, oldest first. */
    List<PoolEvent> all() {
        return List.copyOf(events);
    }

    /** Takes over what another one kept; this one must be empty. */
    void restore(long last, List<PoolEvent> kept) {
        events.addAll(kept);
        dropped = last - kept.size();
    }

    /** The oldest of those kept that come after {@code sequence}, {@code most} at most. */
    List<PoolEvent> after(long sequence, int most) {
        int from = (int) Math.min(Math.max(sequence - dropped, 0), events.size());
        return List.copyOf(events.subList(from, Math.min(events.size(), from + most)));
    }
}
