package dev.ingot.accelerator.device;

import dev.ingot.api.ExcludedFromImage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds steps that are over their time, whether anybody waits for them or not: one thread for all open devices, which ends with the last of them.
 * Thread-safe.
 */
final class Watchdog {
    private static final Watchdog SHARED = new Watchdog();

    /** The wait, and as much again for what comes between. */
    private static final long MOST_OF_A_ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(2 * Custody.PATIENCE_MILLIS);

    /** A resumed JVM starts another one with the first device that goes on there. */
    @ExcludedFromImage
    private @Nullable Thread thread;

    private Watchdog() {}

    /** Has all devices that are open watched from now on. Called by threads that no image holds. */
    static void watch() {
        SHARED.start();
    }

    private synchronized void start() {
        if (thread == null) {
            thread = DeviceThread.start("watchdog", this::run);
        }
    }

    private void run() {
        long last = System.nanoTime();
        while (isNeeded()) {
            long now = System.nanoTime();
            try {
                OpenDevices.loseThoseThatHang(now, stood(now - last));
            } catch (RuntimeException | Error unexpected) {
                // Nobody else would watch. Where the program's own listeners failed, the device is lost already; where
                // memory did, the next round may find some.
            }
            last = now;
        }
    }

    /**
     * How long the process stood still: stopped by a signal or a debugger, or without a processor. Steps stood still with it.
     *
     * @param roundNanos how long it took this thread to come around
     */
    static long stood(long roundNanos) {
        return Math.max(0, roundNanos - MOST_OF_A_ROUND_NANOS);
    }

    /** Waits a while. Whoever opens a device meanwhile finds this thread, or starts the next. */
    @SuppressWarnings("WaitNotInLoop")
    private synchronized boolean isNeeded() {
        try {
            wait(Custody.PATIENCE_MILLIS);
        } catch (InterruptedException ignored) {
            // Nobody has a reason to interrupt this thread; one who interrupts all of its group does not mean it.
        }
        boolean isNeeded = OpenDevices.hasAny();
        if (!isNeeded) {
            thread = null;
        }
        return isNeeded;
    }
}
