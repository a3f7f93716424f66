package dev.ingot.integration.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Adds to a cart without a pause, from a thread of its own, until closed. Closing fails if an answer was wrong. */
final class BusyCustomer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final AtomicInteger answers = new AtomicInteger();
    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private final Future<?> shopping;
    private volatile boolean satisfied;

    private BusyCustomer(Customer customer) {
        shopping = executor.submit(() -> shop(customer));
    }

    static BusyCustomer of(Customer customer) {
        return new BusyCustomer(customer);
    }

    private Void shop(Customer customer) throws InterruptedException {
        int last = 0;
        while (!satisfied) {
            int count;
            try {
                count = customer.add("water");
            } catch (IOException closed) {
                // The shop closes while its image is taken.
                await("the shop").atMost(PATIENCE).until(() -> satisfied || customer.findsItOpen());
                continue;
            }
            assertThat(count).as("what the cart holds").isGreaterThan(last);
            last = count;
            answers.incrementAndGet();
        }
        return null;
    }

    /** Waits for that many answers more. */
    void awaitAnswers(int more) {
        int before = answers.get();
        await("answers").atMost(PATIENCE).until(() -> shopping.isDone() || answers.get() >= before + more);
    }

    @Override
    public void close() {
        satisfied = true;
        try {
            assertThat(shopping).succeedsWithin(PATIENCE);
        } finally {
            executor.shutdownNow();
        }
    }
}
