package dev.ingot.core.image;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Daemons that inherit nothing from whoever starts them. */
final class CompressionThreads implements ThreadFactory {
    private final AtomicInteger count = new AtomicInteger();

    @Override
    public Thread newThread(Runnable task) {
        Thread thread = new Thread(null, task, "ingot-image-" + count.incrementAndGet(), 0, false);
        thread.setDaemon(true);
        return thread;
    }
}
