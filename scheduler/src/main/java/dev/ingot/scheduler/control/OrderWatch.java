package dev.ingot.scheduler.control;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Tells nodes at once that what they are to do may have changed, so that they need not wait for their next beat. Thread-safe. */
final class OrderWatch {
    private static final long PATIENCE_MILLIS = 1000;

    private final Map<String, Long> numbers = new HashMap<>();
    private final Map<String, Map<Long, CompletableFuture<Long>>> waiting = new HashMap<>();
    private long waiters;

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
        waiters++;
        long waiter = waiters;
        waiting.computeIfAbsent(node, absent -> new HashMap<>()).put(waiter, next);
        return next.completeOnTimeout(known, PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                .whenComplete((result, failure) -> remove(node, waiter));
    }

    private synchronized void remove(String node, long waiter) {
        waiting.computeIfPresent(node, (name, all) -> {
            all.remove(waiter);
            return all.isEmpty() ? null : all;
        });
    }

    /** The orders of these nodes have changed, and that is durable. */
    void changed(Set<String> nodes) {
        for (String node : nodes) {
            List<CompletableFuture<Long>> told;
            long number;
            synchronized (this) {
                number = numbers.merge(node, 1L, Long::sum);
                told = List.copyOf(waiting.getOrDefault(node, Map.of()).values());
            }
            told.forEach(next -> next.complete(number));
        }
    }
}
