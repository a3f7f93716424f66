package dev.ingot.accelerator.device;

import dev.ingot.api.ExcludedFromImage;
import org.jspecify.annotations.Nullable;

/**
 * Finds steps that are over their time, whether anybody waits for them or not: one thread for all open devices, which ends with the last of them.
 * Thread-safe.
 */
final class Watchdog {
    private static final Watchdog SHARED = new Watchdog();

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
        while (isNeeded()) {
            OpenDevices.loseThoseThatHang();
        }
    }

    /** Waits a while. Whoever opens a device meanwhile finds this thread, or starts the next. */
    @SuppressWarnings("WaitNotInLoop")
    private synchronized boolean isNeeded() {
        try {
            wait(Custody.PATIENCE_MILLIS);
        } catch (InterruptedException unexpected) {
            throw new IllegalStateException("nobody interrupts the watchdog of the devices", unexpected);
        }
        boolean isNeeded = OpenDevices.hasAny();
        if (!isNeeded) {
            thread = null;
        }
        return isNeeded;
    }
}
