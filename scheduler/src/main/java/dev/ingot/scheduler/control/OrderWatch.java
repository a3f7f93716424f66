package dev.ingot.scheduler.control;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Tells nodes at once that what they are to do may have changed, so that they need not wait for their next beat. Thread-safe. */
final class OrderWatch {
    private static final long PATIENCE_MILLIS = 1000;

    private final Map<String, Long> numbers = new HashMap<>();
    private final Map<String, Set<CompletableFuture<Long>>> waiting = new HashMap<>();

    /**
     * The number of the last change of a node's orders, once that is another one than {@code known}, or after a while.
     *
     * @param known as it was said last, by whatever process
     */
    synchronized CompletableFuture<Long> next(String node, long known) {
        long number = numbers.getOrDefault(node, 0L);
        if (number != known) {
            return CompletableFuture.completedFuture(number);
        }
        CompletableFuture<Long> next = new CompletableFuture<>();
        waiting.computeIfAbsent(node, absent -> new HashSet<>()).add(next);
        return next.completeOnTimeout(known, PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                .whenComplete((result, failure) -> remove(node, next));
    }

    private synchronized void remove(String node, CompletableFuture<Long> ended) {
        Set<CompletableFuture<Long>> all = waiting.getOrDefault(node, Set.of());
        if (all.remove(ended) && all.isEmpty()) {
            waiting.remove(node);
        }
    }

    /** The orders of these nodes have changed, and that is durable. */
    void changed(Set<String> nodes) {
        for (String node : nodes) {
            Set<CompletableFuture<Long>> told;
            long number;
            synchronized (this) {
                number = numbers.merge(node, 1L, Long::sum);
                told = Set.copyOf(waiting.getOrDefault(node, Set.of()));
            }
            told.forEach(next -> next.complete(number));
        }
    }
}
