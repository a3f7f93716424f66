package dev.ingot.core.jdk.state;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.core.jdk.concurrent.ForkJoinPoolState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadPoolExecutor;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * Pools that all programs share, if this one has used them: the common fork-join pool, the pool behind delayed completable
 * futures, that of asynchronous channels of files, and that of remote calls. Their threads are among the program's; what is carried here is how pool, queues and threads belong together.
 */
final class SharedPools implements StatePart {
    private static final String COMMON = "java.util.concurrent.ForkJoinPool";
    private static final String DELAYER = "java.util.concurrent.CompletableFuture$Delayer";
    private static final String OF_FILES = "sun.nio.ch.SimpleAsynchronousFileChannelImpl$DefaultExecutorHolder";
    private static final String OF_FILES_FIELD = "defaultExecutor";
    private static final String OF_REMOTE_CALLS = "sun.rmi.transport.tcp.TCPTransport";
    private static final String OF_REMOTE_CALLS_FIELD = "connectionThreadPool";

    @Override
    public String name() {
        return "shared-pools";
    }

    @Override
    public Object capture() {
        List<Object> used = new ArrayList<>();
        addUsed(used, COMMON, "common");
        addUsed(used, DELAYER, "delayer");
        addUsed(used, OF_FILES, OF_FILES_FIELD);
        addUsed(used, OF_REMOTE_CALLS, OF_REMOTE_CALLS_FIELD);
        return used.toArray();
    }

    @Override
    public void restore(Object state) throws NotRestorableException {
        Object[] pairs = (Object[]) state;
        for (int i = 0; i + 1 < pairs.length; i += 2) {
            Object[] fields = (Object[]) pairs[i + 1];
            if (COMMON.equals(pairs[i])) {
                restore(COMMON, "common", fields);
            } else if (DELAYER.equals(pairs[i])) {
                restore(DELAYER, "delayer", fields);
            } else if (OF_FILES.equals(pairs[i])) {
                restore(OF_FILES, OF_FILES_FIELD, fields);
            } else if (OF_REMOTE_CALLS.equals(pairs[i])) {
                restore(OF_REMOTE_CALLS, OF_REMOTE_CALLS_FIELD, fields);
            }
        }
    }

    private static void restore(String holder, String field, Object[] fields) throws NotRestorableException {
        Class<?> type = JdkClass.find(holder);
        if (type == null) {
            throw new NotRestorableException("cannot restore " + holder + ", which is in use: JDK " + Runtime.version()
                    + " has none; resume on the JDK version the image was taken on");
        }
        Unsafe.getUnsafe().ensureClassInitialized(type);
        Object pool = Slot.of(type, field).get(null);
        if (pool == null) {
            throw new NotRestorableException(
                    "cannot restore " + holder + '.' + field + ", which is in use: this JVM has not made it");
        }
        if (pool instanceof ForkJoinPool common) {
            ForkJoinPoolState.restoreCommon(common, fields);
        } else {
            Overlay.lay(fields, pool);
        }
    }

    private static void addUsed(List<Object> used, String holder, String field) {
        Object pool = JdkClass.isInitialized(holder) ? Slot.of(holder, field).get(null) : null;
        if (pool != null && isUsed(pool)) {
            used.add(holder);
            used.add(pool instanceof ForkJoinPool common ? ForkJoinPoolState.of(common) : Overlay.of(pool));
        }
    }

    private static boolean isUsed(Object pool) {
        if (pool instanceof ForkJoinPool) {
            return hasElement(Slot.of(ForkJoinPool.class, "queues").get(pool)) || hasDelayedTasks(pool);
        }
        return pool instanceof ThreadPoolExecutor executor && executor.getPoolSize() > 0;
    }

    /** Since version 25 the common pool runs delayed tasks too. */
    private static boolean hasDelayedTasks(Object pool) {
        Slot scheduler = Slot.find(ForkJoinPool.class, "delayScheduler");
        return scheduler != null && scheduler.get(pool) != null;
    }

    private static boolean hasElement(@Nullable Object array) {
        if (array instanceof Object[] elements) {
            for (Object element : elements) {
                if (element != null) {
                    return true;
                }
            }
        }
        return false;
    }
}
