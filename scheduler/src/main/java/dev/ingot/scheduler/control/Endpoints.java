package dev.ingot.scheduler.control;

import dev.ingot.scheduler.wire.Listening;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where nodes are, and what listens there, as their beats said last. Time comes in as an argument. Thread-safe.
 *
 * <p>What a beat says holds for a lease from when it came, which is longer than the node lets its programs run by it: the node counts from
 * before it was sent. A node that beats at another control process is so soon forgotten here.
 */
final class Endpoints {
    private final long leaseNanos;
    private final Map<String, Heard> nodes = new HashMap<>();

    Endpoints(long leaseNanos) {
        this.leaseNanos = leaseNanos;
    }

    private record Heard(String address, List<Listening> listening, long untilNanos) {}

    /**
     * A node that has its lease was heard.
     *
     * @param address from where it beats
     * @return whether what it says is new
     */
    synchronized boolean heard(String node, String address, List<Listening> listening, long nowNanos) {
        Heard before = nodes.put(node, new Heard(address, List.copyOf(listening), nowNanos + leaseNanos));
        return before == null
                || !before.listening().equals(listening)
                || !before.address().equals(address);
    }

    /** From where a node beats; null if it has not been heard for a lease. */
    synchronized @Nullable String address(String node, long nowNanos) {
        Heard heard = nodes.get(node);
        return heard == null || nowNanos - heard.untilNanos() > 0 ? null : heard.address();
    }

    /** Until when that holds; only of a node that has been heard. */
    synchronized long untilNanos(String node) {
        Heard heard = nodes.get(node);
        return heard == null ? Long.MIN_VALUE : heard.untilNanos();
    }

    /** Whether a program listens there. */
    synchronized boolean listens(String node, String workload, long epoch, int port) {
        Heard heard = nodes.get(node);
        return heard != null
                && heard.listening().stream()
                        .anyMatch(each -> each.workload().equals(workload)
                                && each.epoch() == epoch
                                && each.ports().contains(port));
    }
}
