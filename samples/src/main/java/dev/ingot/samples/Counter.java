package dev.ingot.samples;

import java.util.HashMap;
import java.util.Map;

/**
 * Counts in one thread, a line every 100 ms, and checks at every step that nothing it remembers was lost or done twice.
 *
 * <p>Usage: {@code Counter [STEPS]}, 100 steps by default. Ends with exit code 1 if its memory is not what it must be.
 */
public final class Counter {
    private static final long PAUSE_MILLIS = 100;
    private static final int BUCKETS = 7;

    private static final Map<String, Integer> COUNTS = new HashMap<>();

    private static long sum;

    private Counter() {}

    public static void main(String[] arguments) throws InterruptedException {
        int steps = arguments.length == 0 ? 100 : Integer.parseInt(arguments[0]);
        for (int step = 1; step <= steps; step++) {
            count(step);
            check(step);
            System.out.println("step " + step + " sum " + sum + " buckets " + COUNTS.size());
            Thread.sleep(PAUSE_MILLIS);
        }
        System.out.println("done after " + steps + " steps");
    }

    private static void count(int step) {
        sum += step;
        COUNTS.merge("bucket-" + step % BUCKETS, 1, Integer::sum);
    }

    private static void check(int step) {
        int counted = 0;
        for (int count : COUNTS.values()) {
            counted += count;
        }
        if (counted != step || sum != (long) step * (step + 1) / 2) {
            System.err.println("after step " + step + " the sum is " + sum + " and " + counted + " steps are counted");
            System.exit(1);
        }
    }
}
