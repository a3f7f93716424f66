package dev.ingot.integration.program;

import java.util.concurrent.CountDownLatch;

/**
 * Two threads go deep into compiled code on stacks that hold it, but not if each of its frames were one of the interpreter or larger; a third
 * has the smallest stack there is.
 */
public final class DeepStacks {
    private static final int STACK_BYTES = 1 << 20;
    private static final int DEPTH = 5000;
    private static final int WARM_CALLS = 1000;

    private static final Object LOCK = new Object();

    private DeepStacks() {}

    private static int descend(int levels, int value) {
        if (levels == 0) {
            return atBottom(value);
        }
        int below = descend(levels - 1, value + levels);
        return below ^ levels;
    }

    private static int atBottom(int value) {
        if (value >= 0) {
            return value;
        }
        synchronized (LOCK) {
            Pace.step();
            return -value;
        }
    }

    private static void awaitInterrupt() {
        try {
            Thread.sleep(Long.MAX_VALUE);
        } catch (InterruptedException expected) {
            System.out.println("interrupted");
        }
    }

    private static void descend(int[] results, int index, int round, CountDownLatch done) {
        Thread thread = new Thread(
                null,
                () -> {
                    int sum = DEPTH * (DEPTH + 1) / 2;
                    results[index] = descend(DEPTH, -sum - 1 - round - index);
                    done.countDown();
                },
                "descending " + index,
                STACK_BYTES);
        thread.start();
    }

    public static void main(String[] arguments) throws InterruptedException {
        Thread small = new Thread(null, DeepStacks::awaitInterrupt, "small", 1);
        small.start();
        int warm = 0;
        for (int i = 0; i < WARM_CALLS; i++) {
            warm += descend(DEPTH / 5, i);
        }
        System.out.println(warm);
        for (int round = 0; round < Pace.ROUNDS; round++) {
            int[] results = new int[2];
            CountDownLatch done = new CountDownLatch(results.length);
            for (int i = 0; i < results.length; i++) {
                descend(results, i, round, done);
            }
            done.await();
            Pace.say(round + " " + results[0] + " " + results[1]);
        }
        small.interrupt();
        small.join();
    }
}
