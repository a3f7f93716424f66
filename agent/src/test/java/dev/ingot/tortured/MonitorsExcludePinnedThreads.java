package dev.ingot.tortured;

import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Threads that are captured in the middle of what a monitor guards, and others that cannot be captured and enter the same monitor: some
 * are pinned below a call of the JDK, one is the JDK's own.
 */
public final class MonitorsExcludePinnedThreads {
    private static final int ROUNDS = 150;
    /** Several, so that those who are turned back could keep the monitor among themselves. */
    private static final int PINNED = 6;

    private static final Cleaner CLEANER = Cleaner.create();

    private final Object guard = new Object();
    private long first;
    private long second;
    private long violations;

    private MonitorsExcludePinnedThreads() {}

    public static void main(String[] arguments) throws Exception {
        MonitorsExcludePinnedThreads program = new MonitorsExcludePinnedThreads();
        List<Thread> pinned = new ArrayList<>();
        for (int number = 0; number < PINNED; number++) {
            Thread thread = new Thread(() -> program.comparing(program::change));
            thread.start();
            pinned.add(thread);
        }
        Thread waiting = new Thread(() -> program.comparing(program::awaitAndChange));
        waiting.start();
        for (int round = 0; round < ROUNDS; round++) {
            if (round % 20 == 0) {
                CLEANER.register(new Object(), program::clean);
                System.gc();
            }
            program.change();
        }
        for (Thread thread : pinned) {
            thread.join();
        }
        waiting.join();
        System.out.println(program.violations + " violations, " + program.first + " changes, both "
                + (program.first == program.second));
    }

    private void comparing(Runnable task) {
        TreeMap<Integer, Integer> map = new TreeMap<>((one, other) -> {
            for (int round = 0; round < ROUNDS; round++) {
                task.run();
            }
            return one.compareTo(other);
        });
        map.put(1, 1);
        synchronized (guard) {
            violations += map.size() - 1;
        }
    }

    @SuppressWarnings("WaitNotInLoop") // Waits for the time only.
    private void awaitAndChange() {
        synchronized (guard) {
            try {
                guard.wait(1);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            change();
        }
    }

    private void clean() {
        synchronized (guard) {
            violations += first == second ? 0 : 1;
        }
    }

    private void change() {
        synchronized (guard) {
            violations += first == second ? 0 : 1;
            first++;
            for (int step = 0; step < 10; step++) {
                second += Work.steps(step, 20_000) == 0 ? 1 : 0;
            }
            second = first;
        }
    }
}
