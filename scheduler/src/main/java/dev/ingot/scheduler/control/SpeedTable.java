package dev.ingot.scheduler.control;

import java.util.HashMap;
import java.util.Map;

/** How long the same little work takes each node that has said so since this process started. Thread-safe. */
final class SpeedTable {
    /** Of fewer, nobody can say which one is slow. */
    private static final int ENOUGH = 3;

    private final Map<String, Long> nanos = new HashMap<>();

    /**
     * A node says what it took.
     *
     * @return what it takes half of the nodes; 0 where there are too few to say
     */
    synchronized long told(String node, long took) {
        nanos.put(node, took);
        return nanos.size() < ENOUGH
                ? 0
                : nanos.values().stream()
                        .mapToLong(Long::longValue)
                        .sorted()
                        .skip(nanos.size() / 2)
                        .findFirst()
                        .orElse(0);
    }
}
