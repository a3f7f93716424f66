package dev.ingot.integration.program;

import java.util.List;

/** Threads that sleep at length by what their classes inherit. */
public final class Sleepers {
    /** Longer than anybody waits for a checkpoint. */
    private static final long MILLIS = 40_000;

    private Sleepers() {}

    /** Calls by its simple name what it inherits. */
    private static class Sleeper extends Thread {
        boolean slept;

        @Override
        public void run() {
            try {
                sleep(MILLIS);
            } catch (InterruptedException woken) {
                slept = true;
            }
        }
    }

    /** Inherits it from further above. */
    private static final class LateSleeper extends Sleeper {
        @Override
        public void run() {
            try {
                sleep(MILLIS);
            } catch (InterruptedException woken) {
                slept = true;
            }
        }
    }

    /** Has a method of that name by itself. */
    private static class Napper extends Thread {
        static int naps;

        @SuppressWarnings("EffectivelyPrivate") // What it hides is public.
        public static void sleep(long millis) {
            naps += (int) (millis / MILLIS);
            Pace.step();
        }
    }

    private static final class Nap extends Napper {
        @Override
        public void run() {
            for (int round = 0; round < Pace.ROUNDS; round++) {
                sleep(MILLIS);
            }
        }
    }

    public static void main(String[] arguments) throws InterruptedException {
        Sleeper sleeper = new Sleeper();
        Sleeper late = new LateSleeper();
        Thread nap = new Nap();
        List<Thread> threads = List.of(sleeper, late, nap);
        threads.forEach(Thread::start);
        for (int round = 0; round < Pace.ROUNDS; round++) {
            Pace.say("round " + round);
        }
        sleeper.interrupt();
        late.interrupt();
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println(sleeper.slept + " " + late.slept + " " + Napper.naps);
    }
}
