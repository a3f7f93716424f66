package dev.ingot.integration.program;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RecursiveTask;

/** Chains of completable futures, and fork and join. */
public final class Futures {
    private Futures() {}

    public static void main(String[] arguments) {
        ForkJoinPool pool = new ForkJoinPool(3);
        for (int round = 0; round < Pace.ROUNDS; round++) {
            int start = round;
            CompletableFuture<Integer> left = CompletableFuture.supplyAsync(() -> slowly(start));
            CompletableFuture<Integer> right = CompletableFuture.supplyAsync(() -> slowly(start * 2));
            CompletableFuture<String> both = left.thenCombine(right, Integer::sum)
                    .thenApplyAsync(sum -> sum + 1)
                    .thenCompose(sum -> CompletableFuture.supplyAsync(() -> "composed " + sum))
                    .handle((value, failure) -> failure == null ? value : failure.toString());
            Pace.say(round + " " + both.join() + " " + pool.invoke(new Fibonacci(12)));
        }
        pool.shutdown();
    }

    private static int slowly(int number) {
        Pace.step();
        return number * 3;
    }

    private static final class Fibonacci extends RecursiveTask<Integer> {
        private static final long serialVersionUID = 1L;

        private final int number;

        Fibonacci(int number) {
            this.number = number;
        }

        @Override
        protected Integer compute() {
            if (number < 2) {
                return number;
            }
            Fibonacci before = new Fibonacci(number - 1);
            before.fork();
            return new Fibonacci(number - 2).compute() + before.join();
        }
    }
}
