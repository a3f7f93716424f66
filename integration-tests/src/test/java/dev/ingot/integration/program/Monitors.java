package dev.ingot.integration.program;

import java.util.ArrayList;
import java.util.List;

/** Threads that contend for nested and re-entered monitors. */
public final class Monitors {
    private static final Object OUTER = new Object();
    private static final Object INNER = new Object();
    private static final int ROUNDS = 150;

    private static long guarded;
    private static int inside;

    private Monitors() {}

    public static void main(String[] arguments) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int number = 0; number < 3; number++) {
            Thread thread = new Thread(Monitors::contend, "contender-" + number);
            threads.add(thread);
            thread.start();
        }
        for (int round = 0; round < Pace.ROUNDS; round++) {
            synchronized (OUTER) {
                Pace.say("round " + round + " " + reenter(3));
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println("guarded " + guarded);
    }

    private static void contend() {
        for (int round = 0; round < ROUNDS; round++) {
            synchronized (OUTER) {
                synchronized (INNER) {
                    if (++inside != 1) {
                        System.out.println("two threads hold one monitor");
                    }
                    guarded += reenter(2);
                    if (round % 10 == 0) {
                        Pace.step();
                    }
                    inside--;
                }
            }
        }
    }

    private static int reenter(int depth) {
        synchronized (OUTER) {
            return depth == 0 ? 1 : 1 + reenter(depth - 1);
        }
    }
}
