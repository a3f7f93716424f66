package dev.ingot.core.jdk;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.jdk.io.WatchServices;
import dev.ingot.core.jdk.ref.CleanerThreads;
import dev.ingot.core.jdk.state.StatePart;
import dev.ingot.core.jdk.state.StateParts;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The state a JVM keeps for its program outside the program's objects: system properties, default locale and time zone,
 * installed handlers, shutdown hooks, logging, shared pools, counters.
 *
 * <p>Order of use: while all program threads stand still, {@link #captureState} gives an object that goes among the roots of
 * the image. In the fresh JVM, once the graph is read, {@link #restoreState} takes it; when the program's threads may run,
 * {@link #startThreads} starts the JDK's threads that serve restored objects.
 */
public final class JdkState {
    private static final int NANO_TIME = 0;
    private static final int FIRST_PART = 1;

    private JdkState() {}

    /**
     * Has what {@link #captureState} needs loaded and linked, so that the program's threads do not stand for it; they may run meanwhile.
     *
     * @throws RuntimeException if they changed something while it was looked at, which means nothing
     */
    public static void prepare() throws NotCapturableException {
        captureState(StateParts.withoutLocks());
    }

    /**
     * The state as a plain object for the graph: arrays, strings, boxes and the program's objects.
     *
     * @throws NotCapturableException if some of it cannot be part of an image, such as that of a JVM that is shutting down
     */
    public static Object captureState() throws NotCapturableException {
        return captureState(StateParts.all());
    }

    /**
     * The same without the system properties whose names {@code secret} accepts; the resumed program has those of its JVM.
     */
    public static Object captureState(Predicate<String> secret) throws NotCapturableException {
        return captureState(StateParts.all(secret));
    }

    private static Object captureState(List<StatePart> all) throws NotCapturableException {
        List<Object> state = new ArrayList<>();
        state.add(System.nanoTime());
        for (StatePart part : all) {
            Object captured = part.capture();
            if (captured != null) {
                state.add(part.name());
                state.add(captured);
            }
        }
        return state.toArray();
    }

    /**
     * Brings this JVM to the state.
     *
     * @throws NotRestorableException if this JVM cannot have some of it
     */
    public static void restoreState(Object state) throws NotRestorableException {
        Object[] parts = (Object[]) state;
        for (StatePart part : StateParts.all()) {
            for (int i = FIRST_PART; i + 1 < parts.length; i += 2) {
                if (part.name().equals(parts[i])) {
                    part.restore(parts[i + 1]);
                }
            }
        }
    }

    /** Whether this JVM ends: from the moment at which its shutdown hooks begin to run, there is nothing of it to capture. */
    public static boolean isShuttingDown() {
        return StateParts.isShuttingDown();
    }

    /** What {@code System.nanoTime} showed when the state was captured. */
    public static long nanoTime(Object state) {
        return (Long) ((Object[]) state)[NANO_TIME];
    }

    /** Starts the threads of the JDK that serve what was restored; called once when the program's threads may run. */
    public static void startThreads() {
        CleanerThreads.startAll();
        WatchServices.startAll();
        StateParts.startThreads();
    }
}
