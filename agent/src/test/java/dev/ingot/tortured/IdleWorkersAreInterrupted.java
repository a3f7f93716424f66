package dev.ingot.tortured;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** A pool ends only if every interrupt of {@code shutdown} reaches a worker that parks. */
public final class IdleWorkersAreInterrupted {
    private IdleWorkersAreInterrupted() {}

    public static void main(String[] arguments) throws Exception {
        for (int round = 0; round < 200; round++) {
            ExecutorService pool = Executors.newFixedThreadPool(3);
            List<Future<Long>> results = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                int seed = i;
                results.add(pool.submit(() -> Work.steps(seed, 20_000)));
            }
            long sum = 0;
            for (Future<Long> result : results) {
                sum += result.get();
            }
            pool.shutdown();
            System.out.println(sum + " " + pool.awaitTermination(20, TimeUnit.SECONDS));
        }
    }
}
