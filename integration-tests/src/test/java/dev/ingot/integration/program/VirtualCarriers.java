package dev.ingot.integration.program;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Virtual threads that park and wait in monitors, more than there are carriers, beside others in none: before JDK 24 each that does keeps
 * its carrier.
 */
public final class VirtualCarriers {
    private static final int OF_EACH_KIND = 12;
    private static final long NANOS = 50_000;

    private VirtualCarriers() {}

    public static void main(String[] arguments) throws InterruptedException {
        long[] results = new long[3 * OF_EACH_KIND];
        List<Thread> threads = new ArrayList<>();
        for (int number = 0; number < results.length; number++) {
            int own = number;
            threads.add(Virtual.start("carried-" + number, () -> results[own] = work(own)));
        }
        for (int round = 0; round < Pace.ROUNDS; round++) {
            Pace.say("round " + round);
        }
        long all = 0;
        for (Thread thread : threads) {
            thread.join();
        }
        for (long result : results) {
            all = all * 31 + result;
        }
        System.out.println("all " + all);
    }

    private static long work(int number) {
        Object own = new Object();
        long result = number;
        for (int round = 0; round < Pace.ROUNDS * 2; round++) {
            result = switch (number % 3) {
                case 0 -> parkIn(own, result);
                case 1 -> waitIn(own, result);
                default -> park(result);
            };
        }
        return result;
    }

    private static long parkIn(Object monitor, long result) {
        synchronized (monitor) {
            return park(result) + 1;
        }
    }

    private static long waitIn(Object monitor, long result) {
        synchronized (monitor) {
            try {
                for (int wait = 0; wait < 1; wait++) {
                    monitor.wait(1);
                }
            } catch (InterruptedException impossible) {
                throw new IllegalStateException(impossible);
            }
            return result * 31 + 2;
        }
    }

    private static long park(long result) {
        LockSupport.parkNanos(NANOS);
        Pace.step();
        return result * 31;
    }
}
