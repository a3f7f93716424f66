package dev.ingot.core.jdk.io;

import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Restored watch services until the program runs: their threads are made anew and not part of an image, and what has happened to their
 * directories in between is told then.
 */
public final class WatchServices {
    private static final List<Restored> waiting = new ArrayList<>();

    private WatchServices() {}

    /**
     * A watch service.
     *
     * @param poller what its thread runs
     * @param watches its directories
     */
    record Restored(Object poller, List<Watch> watches) {}

    /**
     * A directory that is watched.
     *
     * @param key what the program has of it
     * @param isThere whether it can still be watched
     * @param changes what has happened to it
     */
    record Watch(WatchKey key, boolean isThere, List<Change> changes) {}

    /** Something that has happened to an entry of a directory; to some of them, if none is named. */
    record Change(WatchEvent.Kind<?> kind, @Nullable Path name) {}

    /** Tells what has happened to the directories of each that was restored since the last call, and watches them again. */
    public static void startAll() {
        List<Restored> restored;
        synchronized (waiting) {
            restored = List.copyOf(waiting);
            waiting.clear();
        }
        for (Restored service : restored) {
            service.watches.forEach(WatchServices::tell);
            Calls.START.call(service.poller);
        }
    }

    static void add(Restored service) {
        synchronized (waiting) {
            waiting.add(service);
        }
    }

    private static void tell(Watch watch) {
        for (Change change : watch.changes) {
            Calls.SIGNAL_EVENT.call(watch.key, change.kind, change.name);
        }
        if (!watch.isThere) {
            Calls.SIGNAL.call(watch.key);
        }
    }

    /** Apart, so that nothing of it is loaded for a program that watches nothing. */
    private static final class Calls {
        private static final Class<?> KEY = JdkClass.of("sun.nio.fs.AbstractWatchKey");
        static final HiddenMethod SIGNAL_EVENT =
                HiddenMethod.of(KEY, "signalEvent", WatchEvent.Kind.class, Object.class);
        static final HiddenMethod SIGNAL = HiddenMethod.of(KEY, "signal");
        static final HiddenMethod START = HiddenMethod.of(JdkClass.of("sun.nio.fs.AbstractPoller"), "start");
    }
}
