package dev.ingot.runtime;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads that the JDK makes for what is the program's, so that they are captured with it: those of asynchronous channels opened without a pool,
 * which run completion handlers, and that of Swing's timers. As the JDK makes them, some of its versions take them for their own.
 */
public final class HandlerThreads {
    private static final String NAME = "InnocuousThread-";
    private static final AtomicInteger MADE = new AtomicInteger();

    private HandlerThreads() {}

    /** A thread for completion handlers, as the JDK's: with the system class loader, and without what its maker has in inheritable thread locals. */
    public static Thread make(Runnable task) {
        Thread thread = new Thread(null, task, NAME + MADE.incrementAndGet(), 0, false);
        thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
        return thread;
    }

    /**
     * The thread group for a thread that the JDK would put in its own.
     *
     * @param context what was asked for its group
     */
    public static ThreadGroup group(Object context) {
        return Thread.currentThread().getThreadGroup();
    }
}
