package dev.ingot.integration.program;

import java.io.File;

/** Keeps a program from ending before anybody looked. */
final class Pace {
    static final int ROUNDS = 60;

    private static final long STEP = 10;
    private static final long SLOW_STEP = 500;
    private static final File SLOW = new File(System.getProperty("pace.slow", "no such file"));

    private Pace() {}

    /** Takes its time; more of it while somebody has the program go slowly. */
    static void step() {
        try {
            Thread.sleep(millis());
        } catch (InterruptedException unexpected) {
            throw new IllegalStateException("nobody interrupts this program", unexpected);
        }
    }

    /** As {@link #step}, without a call that an interrupt would end. */
    static void spin() {
        long end = System.nanoTime() + millis() * 1_000_000;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    private static long millis() {
        return SLOW.exists() ? SLOW_STEP : STEP;
    }

    static void say(Object line) {
        System.out.println(line);
        step();
    }
}
