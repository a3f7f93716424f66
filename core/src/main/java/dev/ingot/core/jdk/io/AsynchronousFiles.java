package dev.ingot.core.jdk.io;

import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import java.util.Collection;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The pool that serves all asynchronous channels of files that were opened without one. Its threads are the program's on some JDKs. Where they
 * are the JDK's own, they are no part of an image, and one is taken while they have nothing to do.
 */
public final class AsynchronousFiles {
    /** The class and the field that holds the pool. */
    public static final String HOLDER = "sun.nio.ch.SimpleAsynchronousFileChannelImpl$DefaultExecutorHolder";

    public static final String FIELD = "defaultExecutor";

    private static final String OF_JDK = "jdk.internal.misc.InnocuousThread";
    private static final String WORKER = "java.util.concurrent.ThreadPoolExecutor$Worker";
    private static final long PERIOD_NANOS = 1_000_000;

    private AsynchronousFiles() {}

    /**
     * Waits until those threads that are the JDK's have nothing to do. The program's stand still, so nobody gives them more.
     *
     * @return false if some of them had something to do for that long
     */
    public static boolean awaitIdle(long mostMillis) {
        if (!JdkClass.isInitialized(HOLDER)) {
            return true;
        }
        Object pool = Objects.requireNonNull(Slot.of(HOLDER, FIELD).get(null));
        long begin = System.nanoTime();
        while (!isIdle(pool)) {
            if (System.nanoTime() - begin > TimeUnit.MILLISECONDS.toNanos(mostMillis)) {
                return false;
            }
            LockSupport.parkNanos(PERIOD_NANOS);
        }
        return true;
    }

    /** Whether the pool's threads are the program's, so that the pool belongs into an image. */
    public static boolean isOfProgram(Object pool) {
        return workers(pool).stream().noneMatch(AsynchronousFiles::isOfJdk);
    }

    private static boolean isIdle(Object pool) {
        return workers(pool).stream().allMatch(worker -> !isOfJdk(worker) || isIdleWorker(worker));
    }

    private static boolean isOfJdk(Object worker) {
        Thread thread = threadOf(worker);
        return thread != null && thread.getClass().getName().equals(OF_JDK);
    }

    /** It has ended, or waits in the queue: it neither runs a task nor has just been given one. */
    private static boolean isIdleWorker(Object worker) {
        Thread thread = threadOf(worker);
        Thread.State state = thread == null ? Thread.State.TERMINATED : thread.getState();
        boolean waits = state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
        return state == Thread.State.TERMINATED || (waits && Worker.STATE.getInt(worker) == 0);
    }

    private static @Nullable Thread threadOf(Object worker) {
        return (Thread) Worker.THREAD.get(worker);
    }

    /** Without the pool's lock, which a thread that stands still may hold. */
    private static List<Object> workers(Object pool) {
        while (true) {
            try {
                return List.copyOf((Collection<?>) Objects.requireNonNull(Worker.OF_POOL.get(pool)));
            } catch (ConcurrentModificationException changing) {
                Thread.onSpinWait();
            }
        }
    }

    private static final class Worker {
        static final Slot OF_POOL = Slot.of("java.util.concurrent.ThreadPoolExecutor", "workers");
        static final Slot THREAD = Slot.of(WORKER, "thread");
        static final Slot STATE = Slot.of("java.util.concurrent.locks.AbstractQueuedSynchronizer", "state");
    }
}
