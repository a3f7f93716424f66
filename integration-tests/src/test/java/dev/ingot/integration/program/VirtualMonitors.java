package dev.ingot.integration.program;

import java.util.ArrayList;
import java.util.List;

/**
 * Virtual threads that contend for a monitor in code that has been compiled: one that waits at the entry is not mounted, and goes on
 * in the same compiled code.
 */
public final class VirtualMonitors {
    private static final Object MONITOR = new Object();
    private static final int WORK = 1000;
    private static int inside;
    private static long guarded;

    private VirtualMonitors() {}

    public static void main(String[] arguments) throws InterruptedException {
        for (int warmed = 0; warmed < 20_000; warmed++) {
            enter(2, 0);
        }
        List<Thread> threads = new ArrayList<>();
        for (int number = 0; number < 4; number++) {
            threads.add(Virtual.start("contender-" + number, VirtualMonitors::contend));
        }
        for (int round = 0; round < Pace.ROUNDS; round++) {
            Pace.say("round " + round);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println("guarded " + guarded);
    }

    private static void contend() {
        for (int round = 0; round < Pace.ROUNDS * 10; round++) {
            enter(2, WORK);
            if (round % 10 == 0) {
                Pace.step();
            }
        }
    }

    private static void enter(int depth, int work) {
        synchronized (MONITOR) {
            if (depth > 0) {
                enter(depth - 1, work);
                return;
            }
            if (++inside != 1) {
                System.out.println("two threads hold one monitor");
            }
            for (int done = 0; done < work; done++) {
                guarded += done & 1;
            }
            if (work > 0 && guarded % WORK == 0) {
                Pace.step();
            }
            inside--;
        }
    }
}
