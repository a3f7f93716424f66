package dev.ingot.core.jdk.concurrent;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.NamedFields;
import dev.ingot.core.jdk.access.Slot;
import java.lang.Thread.UncaughtExceptionHandler;
import java.util.Objects;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinPool.ForkJoinWorkerThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * What makes up a fork-join pool. How it keeps its tasks and threads differs by version of the JDK, and goes along for the version
 * it was captured on. On another one a pool that has nothing to do is made as it once was, without threads: it starts
 * others with its next task.
 */
public final class ForkJoinPoolState {
    private static final int VERSION = 0;
    private static final int FIELDS = 1;
    private static final int FACTORY = 2;
    private static final int IDLE = 3;
    private static final int PARALLELISM = 4;
    private static final int HANDLER = 5;
    private static final int ASYNC = 6;
    private static final int SHUT_DOWN = 7;
    private static final int SIZE = 8;

    /** The container that shows a pool's threads to tools, which later JDKs insist on. */
    private static final String CONTAINER = "container";
    /** Of classes that not every JDK has, unless the program gave the pool one of its own. */
    private static final String THREAD_FACTORY = "factory";

    private ForkJoinPoolState() {}

    /** The state of a pool whose threads stand still. */
    public static Object[] of(ForkJoinPool pool) {
        @Nullable Object[] state = new @Nullable Object[SIZE];
        state[VERSION] = Runtime.version().feature();
        state[FIELDS] = NamedFields.of(pool, ForkJoinPool.class, CONTAINER, THREAD_FACTORY);
        state[FACTORY] = isOfJdk(pool.getFactory()) ? null : pool.getFactory();
        state[IDLE] = isIdle(pool);
        state[PARALLELISM] = pool.getParallelism();
        state[HANDLER] = pool.getUncaughtExceptionHandler();
        state[ASYNC] = pool.getAsyncMode();
        state[SHUT_DOWN] = pool.isShutdown();
        return state;
    }

    /** Gives a pool on which no constructor ran this state. */
    static void restore(ForkJoinPool pool, @Nullable Object[] state) throws NotRestorableException {
        ForkJoinWorkerThreadFactory factory = state[FACTORY] instanceof ForkJoinWorkerThreadFactory own
                ? own
                : ForkJoinPool.defaultForkJoinWorkerThreadFactory;
        if (isOfThisVersion(state)) {
            fields(pool, state);
            Slot.of(ForkJoinPool.class, THREAD_FACTORY).put(pool, factory);
            Slot container = Slot.find(ForkJoinPool.class, CONTAINER);
            if (container != null) {
                container.put(
                        pool,
                        HiddenMethod.of(container.type(), "create", String.class)
                                .call(null, "ForkJoinPool"));
            }
            return;
        }
        requireIdle(state, "a fork-join pool");
        ForkJoinPool fresh = new ForkJoinPool(
                (int) Objects.requireNonNull(state[PARALLELISM]),
                factory,
                (UncaughtExceptionHandler) state[HANDLER],
                Boolean.TRUE.equals(state[ASYNC]));
        if (Boolean.TRUE.equals(state[SHUT_DOWN])) {
            fresh.shutdown();
        }
        NamedFields.set(pool, ForkJoinPool.class, NamedFields.of(fresh, ForkJoinPool.class));
        Object[] fields = (Object[]) Objects.requireNonNull(state[FIELDS]);
        for (String kept : new String[] {"keepAlive", "saturate", "workerNamePrefix"}) {
            Slot slot = Slot.find(ForkJoinPool.class, kept);
            Object value = NamedFields.get(fields, kept);
            if (slot != null && value != null) {
                slot.put(pool, value);
            }
        }
    }

    /** Gives this JVM's common pool the state of another one's. */
    public static void restoreCommon(ForkJoinPool common, @Nullable Object[] state) throws NotRestorableException {
        if (!isOfThisVersion(state)) {
            requireIdle(state, "the common fork-join pool");
            return;
        }
        fields(common, state);
        if (state[FACTORY] != null) {
            Slot.of(ForkJoinPool.class, THREAD_FACTORY).put(common, state[FACTORY]);
        }
    }

    private static boolean isOfThisVersion(@Nullable Object[] state) {
        return state[VERSION] instanceof Integer version
                && version == Runtime.version().feature();
    }

    private static void requireIdle(@Nullable Object[] state, String what) throws NotRestorableException {
        if (!Boolean.TRUE.equals(state[IDLE])) {
            throw new NotRestorableException(
                    "cannot restore " + what + " that is at work: JDK " + state[VERSION]
                            + ", where the image was taken, keeps tasks otherwise than JDK "
                            + Runtime.version().feature()
                            + "; resume on the JDK version the image was taken on, or from an image taken while the pool has nothing to do");
        }
    }

    private static void fields(ForkJoinPool pool, @Nullable Object[] state) {
        NamedFields.set(pool, ForkJoinPool.class, (Object[]) Objects.requireNonNull(state[FIELDS]));
    }

    private static boolean isOfJdk(ForkJoinWorkerThreadFactory factory) {
        return factory.getClass().getName().startsWith("java.util.concurrent.ForkJoinPool$");
    }

    /** By its fields: methods that tell may wait for a lock that a thread holds which stands still. */
    private static boolean isIdle(ForkJoinPool pool) {
        if (pool.getActiveThreadCount() > 0) {
            return false;
        }
        Slot delayed = Slot.find(ForkJoinPool.class, "delayScheduler");
        if (delayed != null && delayed.get(pool) != null) {
            return false;
        }
        if (Slot.of(ForkJoinPool.class, "queues").get(pool) instanceof Object[] queues) {
            for (Object queue : queues) {
                if (queue != null
                        && Slot.of(queue.getClass(), "top").getInt(queue)
                                != Slot.of(queue.getClass(), "base").getInt(queue)) {
                    return false;
                }
            }
        }
        return true;
    }
}
