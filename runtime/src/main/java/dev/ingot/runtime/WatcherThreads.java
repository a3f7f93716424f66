package dev.ingot.runtime;

import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;

/**
 * The threads of the JDK that turn changes of directories into events of {@code WatchService}s. They are no part of an image; a fresh JVM has
 * its own. So that none of them adds an event while an image is written, each is woven to tell when it waits for the operating system and when
 * it goes on with what it was told, and can be held back there.
 *
 * <p>Thread-safe: all under one lock, which no code of the program takes.
 */
public final class WatcherThreads {
    private static final String NAME = "FileSystemWatchService";
    private static final String TASKS = "sun.nio.fs.";

    private static final long NANOS_PER_MILLI = 1_000_000;

    private static final Object LOCK = new Object();
    private static final Set<Thread> atWork = new HashSet<>();
    private static boolean held;
    private static int heldBack;

    private WatcherThreads() {}

    /** Whether {@code thread} is one of these. */
    static boolean isOne(Thread thread) {
        if (!thread.getName().equals(NAME)) {
            return false;
        }
        Object task = OtherAgents.taskOf(thread);
        return task != null && task.getClass().getName().startsWith(TASKS);
    }

    /** Called by such a thread before it waits. */
    public static void waits() {
        synchronized (LOCK) {
            atWork.remove(Thread.currentThread());
            LOCK.notifyAll();
        }
    }

    /** Called by such a thread when it has waited; returns once it may touch objects of the program. */
    public static void works() {
        synchronized (LOCK) {
            heldBack++;
            while (held) {
                awaitChange(0);
            }
            heldBack--;
            atWork.add(Thread.currentThread());
        }
    }

    /**
     * Waits until all of them wait, and holds them there until {@link #release}.
     *
     * @return whether they are held; false if one was at work for that long
     */
    public static boolean hold(long mostMillis) {
        long begin = System.nanoTime();
        synchronized (LOCK) {
            forgetEnded();
            while (!atWork.isEmpty()) {
                if (System.nanoTime() - begin > mostMillis * NANOS_PER_MILLI) {
                    return false;
                }
                awaitChange(1);
                forgetEnded();
            }
            held = true;
            return true;
        }
    }

    /** Lets them go on; idempotent. */
    public static void release() {
        synchronized (LOCK) {
            held = false;
            LOCK.notifyAll();
        }
    }

    /** Whether one of them was told of changes and is held back before it could say what they are. */
    public static boolean isAnyHeldBack() {
        synchronized (LOCK) {
            return held && heldBack > 0;
        }
    }

    /** A watch service that is closed ends its thread while it is at work. */
    private static void forgetEnded() {
        for (Iterator<Thread> each = atWork.iterator(); each.hasNext(); ) {
            if (!each.next().isAlive()) {
                each.remove();
            }
        }
    }

    @SuppressWarnings("WaitNotInLoop") // Those who call it loop.
    private static void awaitChange(long millis) {
        try {
            LOCK.wait(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
