package dev.ingot.core.jdk.state;

import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The event queue of AWT, which programs use without a display too, and that of Swing's timers. The threads that serve them are among the
 * program's; what is carried here is how the library finds the queues. Loads no class of {@code java.desktop} unless the program has used it.
 */
final class EventQueues implements StatePart {
    private static final String CONTEXT = "sun.awt.AppContext";
    private static final String QUEUE = "java.awt.EventQueue";
    private static final String SHUTDOWN = "sun.awt.AWTAutoShutdown";
    private static final String TIMERS = "javax.swing.TimerQueue";

    private static final String POSTED = "PostEventQueue";
    /** What the context holds under the keys in these static fields belongs together. */
    private static final List<String> KEYS = List.of("EVENT_QUEUE_KEY", "EVENT_QUEUE_LOCK_KEY", "EVENT_QUEUE_COND_KEY");

    private static final int OF_KEYS = 0;
    private static final int POSTED_QUEUE = 1;
    private static final int TIMER_QUEUE = 2;
    private static final int TIMER_ORIGIN = 3;
    private static final int BUSY = 4;

    private static @Nullable Dispatcher waiting;

    @Override
    public String name() {
        return "event-queues";
    }

    @Override
    public @Nullable Object capture() {
        Object context = JdkClass.isInitialized(CONTEXT)
                ? Slot.of(CONTEXT, "mainAppContext").get(null)
                : null;
        if (context == null) {
            return null;
        }
        boolean timed = JdkClass.isInitialized(TIMERS);
        Object timers = timed ? get(context, timersKey()) : null;
        @Nullable Object[] values = KEYS.stream().map(key -> get(context, key(key))).toArray();
        Object queue = values[0];
        if (queue == null || (timers == null && !isUsed(queue))) {
            return null;
        }
        long origin = timed ? Slot.of(TIMERS, "NANO_ORIGIN").getLong(null) : 0;
        Collection<?> busy = (Collection<?>) Slot.of(SHUTDOWN, "busyThreadSet").get(shutdown());
        return new @Nullable Object[] {
            values, get(context, POSTED), timers, origin, busy == null ? new Object[0] : busy.toArray()
        };
    }

    @Override
    public void restore(Object state) {
        @Nullable Object[] parts = (@Nullable Object[]) state;
        Object context = Objects.requireNonNull(
                HiddenMethod.of(JdkClass.of(CONTEXT), "getAppContext").call(null));
        @Nullable Object[] values = (@Nullable Object[]) Objects.requireNonNull(parts[OF_KEYS]);
        for (int i = 0; i < KEYS.size(); i++) {
            put(context, key(KEYS.get(i)), values[i]);
        }
        put(context, POSTED, parts[POSTED_QUEUE]);
        if (parts[TIMER_QUEUE] != null) {
            put(context, timersKey(), parts[TIMER_QUEUE]);
            // Times are counted from there; the program's clock goes on where it was.
            Slot.of(TIMERS, "NANO_ORIGIN").put(null, parts[TIMER_ORIGIN]);
        }
        Object thread = dispatchThread(Objects.requireNonNull(values[0]));
        if (thread != null) {
            boolean busy =
                    List.of((Object[]) Objects.requireNonNull(parts[BUSY])).contains(thread);
            waiting = new Dispatcher(thread, busy);
        }
    }

    /** Has the thread that ends an idle dispatcher watch the restored one; called once when the program's threads may run. */
    static void startThreads() {
        Dispatcher dispatcher = waiting;
        waiting = null;
        if (dispatcher != null) {
            Class<?> type = JdkClass.of(SHUTDOWN);
            HiddenMethod.of(type, "notifyThreadBusy", Thread.class).call(shutdown(), dispatcher.thread);
            if (!dispatcher.busy) {
                HiddenMethod.of(type, "notifyThreadFree", Thread.class).call(shutdown(), dispatcher.thread);
            }
        }
    }

    private static boolean isUsed(Object queue) {
        if (!queue.getClass().getName().equals(QUEUE) || dispatchThread(queue) != null) {
            return true;
        }
        return !Boolean.TRUE.equals(
                HiddenMethod.of(JdkClass.of(QUEUE), "noEvents").call(queue));
    }

    private static @Nullable Object dispatchThread(Object queue) {
        return Slot.of(QUEUE, "dispatchThread").get(queue);
    }

    private static Object shutdown() {
        return Objects.requireNonNull(
                HiddenMethod.of(JdkClass.of(SHUTDOWN), "getInstance").call(null));
    }

    private static Object timersKey() {
        return Objects.requireNonNull(Slot.of(TIMERS, "sharedInstanceKey").get(null));
    }

    private static Object key(String field) {
        return Objects.requireNonNull(Slot.of(CONTEXT, field).get(null));
    }

    private static @Nullable Object get(Object context, Object key) {
        return HiddenMethod.of(JdkClass.of(CONTEXT), "get", Object.class).call(context, key);
    }

    private static void put(Object context, Object key, @Nullable Object value) {
        HiddenMethod.of(JdkClass.of(CONTEXT), "put", Object.class, Object.class).call(context, key, value);
    }

    /**
     * The thread that dispatches events.
     *
     * @param thread a thread of the program
     * @param busy whether it had an event when it was captured
     */
    private record Dispatcher(Object thread, boolean busy) {}
}
