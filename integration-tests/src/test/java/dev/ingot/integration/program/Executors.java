package dev.ingot.integration.program;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Tasks in pools of every kind, some of which fail. */
public final class Executors {
    private Executors() {}

    public static void main(String[] arguments) throws Exception {
        ExecutorService fixed = java.util.concurrent.Executors.newFixedThreadPool(3);
        ExecutorService cached = java.util.concurrent.Executors.newCachedThreadPool();
        ExecutorService single = java.util.concurrent.Executors.newSingleThreadExecutor();
        for (int round = 0; round < Pace.ROUNDS; round++) {
            List<Callable<Integer>> tasks = new ArrayList<>();
            for (int number = 0; number < 4; number++) {
                tasks.add(task(round * number));
            }
            int sum = 0;
            for (Future<Integer> result : fixed.invokeAll(tasks)) {
                sum += result.get();
            }
            Future<String> other = cached.submit(() -> "cached");
            Pace.say(round + " " + sum + " " + other.get() + " " + failure(single, round));
        }
        for (ExecutorService pool : List.of(fixed, cached, single)) {
            pool.shutdown();
            System.out.println("ended " + pool.awaitTermination(1, TimeUnit.MINUTES));
        }
    }

    private static Callable<Integer> task(int number) {
        return () -> {
            int sum = 0;
            for (int i = 0; i <= number; i++) {
                sum += i;
            }
            Pace.step();
            return sum;
        };
    }

    private static String failure(ExecutorService pool, int round) throws InterruptedException {
        try {
            return pool.submit(() -> {
                        if (round % 2 == 0) {
                            throw new IllegalStateException("even " + round);
                        }
                        return "odd";
                    })
                    .get();
        } catch (ExecutionException failure) {
            return String.valueOf(failure.getCause());
        }
    }
}
