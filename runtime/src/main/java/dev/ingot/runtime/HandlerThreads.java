package dev.ingot.runtime;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads that serve asynchronous channels opened without a pool. They run completion handlers of the program, so they are captured with it, which
 * those that later JDKs make for this are not.
 */
public final class HandlerThreads {
    private static final String NAME = "InnocuousThread-";
    private static final AtomicInteger MADE = new AtomicInteger();

    private HandlerThreads() {}

    /** As the JDK's: with the system class loader, and without what its maker has in inheritable thread locals. */
    public static Thread make(Runnable task) {
        Thread thread = new Thread(null, task, NAME + MADE.incrementAndGet(), 0, false);
        thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
        return thread;
    }
}
