package dev.ingot.accelerator.host;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.api.ExcludedFromImage;
import org.jspecify.annotations.Nullable;

/**
 * Work on processes and pipes, which no image can hold, done by a thread that no image holds. The thread that waits for it may be
 * captured; in a resumed JVM the work is begun anew if it was not done.
 */
final class Errand<T> {
    private static final long PATIENCE_MILLIS = 200;

    /** The work. */
    interface Work<T> {
        T run() throws DeviceFault;
    }

    private final Work<T> work;
    private @Nullable T result;
    private @Nullable DeviceFault fault;
    private @Nullable Throwable failure;

    @ExcludedFromImage
    private @Nullable Thread worker;

    private Errand(Work<T> work) {
        this.work = work;
    }

    /** Does {@code work} and returns what it returned. */
    static <T> T run(Work<T> work) throws DeviceFault {
        return new Errand<>(work).await();
    }

    private synchronized T await() throws DeviceFault {
        boolean interrupted = false;
        while (result == null && fault == null && failure == null) {
            if (worker == null) {
                worker = new Thread(outermostGroup(), this::work, "Ingot device errand");
                worker.setDaemon(true);
                worker.start();
            }
            try {
                wait(PATIENCE_MILLIS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return outcome();
    }

    private T outcome() throws DeviceFault {
        if (fault != null) {
            throw fault;
        }
        T present = result;
        if (present == null) {
            throw new IllegalStateException("the device host could not be asked: " + failure, failure);
        }
        return present;
    }

    private void work() {
        T made = null;
        DeviceFault refused = null;
        Throwable thrown = null;
        try {
            made = work.run();
        } catch (DeviceFault e) {
            refused = e;
        } catch (RuntimeException | Error e) {
            thrown = e;
        }
        synchronized (this) {
            result = made;
            fault = refused;
            failure = thrown;
            notifyAll();
        }
    }

    /** Its threads are in no image. */
    static ThreadGroup outermostGroup() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) {
            group = group.getParent();
        }
        return group;
    }
}
