package dev.ingot.core.jdk.ref;

import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import jdk.internal.ref.CleanerImpl;

/**
 * The threads of restored cleaners. They are made anew and not part of an image; they run cleaning actions, which is program
 * code, so they start only with the program's own threads.
 */
public final class CleanerThreads {
    private static final List<CleanerImpl> waiting = new ArrayList<>();

    private CleanerThreads() {}

    /** Starts a thread for each cleaner that was restored since the last call. */
    public static void startAll() {
        List<CleanerImpl> cleaners;
        synchronized (waiting) {
            cleaners = List.copyOf(waiting);
            waiting.clear();
        }
        for (CleanerImpl cleaner : cleaners) {
            Thread thread = factory().newThread(cleaner);
            thread.setDaemon(true);
            thread.start();
        }
    }

    static void add(CleanerImpl cleaner) {
        synchronized (waiting) {
            waiting.add(cleaner);
        }
    }

    private static ThreadFactory factory() {
        Object factory = HiddenMethod.of(JdkClass.of("jdk.internal.ref.CleanerImpl$InnocuousThreadFactory"), "factory")
                .call(null);
        if (factory instanceof ThreadFactory threads) {
            return threads;
        }
        throw new IllegalStateException("the JDK has no factory for cleaner threads");
    }
}
