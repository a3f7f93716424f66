package dev.ingot.scheduler.control;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How long the same little work takes each node that is heard and has said so since this process started. Thread-safe. */
final class SpeedTable {
    /** Of fewer, nobody can say which one is slow. */
    private static final int ENOUGH = 3;

    private final Map<String, Long> nanos = new ConcurrentHashMap<>();

    /** A node says what it took. */
    void told(String node, long took) {
        nanos.put(node, took);
    }

    /** A node is not heard any more. */
    void forget(String node) {
        nanos.remove(node);
    }

    /** What it takes half of the nodes; 0 where there are too few to say. */
    long typical() {
        long[] sorted =
                nanos.values().stream().mapToLong(Long::longValue).sorted().toArray();
        return sorted.length < ENOUGH ? 0 : sorted[sorted.length / 2];
    }
}
