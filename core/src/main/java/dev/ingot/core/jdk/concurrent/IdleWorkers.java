package dev.ingot.core.jdk.concurrent;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import java.util.HashSet;
import java.util.Objects;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;

/** Workers of thread pools that were captured with nothing to do. */
public final class IdleWorkers {
    private IdleWorkers() {}

    /**
     * Takes a worker out of its pool, as if it had waited for its keep-alive time: the pool starts another one when it needs one.
     *
     * @param worker whose thread is not started any more, and which waited at a queue that hands over tasks one by one, as did
     *     nobody else but workers that are released too
     * @throws NotRestorableException if the pool has a queue of another kind, or is being shut down
     */
    public static void release(Object worker) throws NotRestorableException {
        Class<?> type = JdkClass.of("java.util.concurrent.ThreadPoolExecutor$Worker");
        ThreadPoolExecutor pool = Objects.requireNonNull(Slot.of(type, "this$0").get(worker, ThreadPoolExecutor.class));
        if (pool.isShutdown() || !(pool.getQueue() instanceof SynchronousQueue<?> queue)) {
            throw new NotRestorableException(
                    "cannot restore " + pool + ": one of its threads waits in code that this JDK does not have,"
                            + " and is needed; resume on the JDK version the image was taken on");
        }
        SynchronousQueueCodec.forgetWaiters(queue);
        HashSet<?> workers = Objects.requireNonNull(
                Slot.of(ThreadPoolExecutor.class, "workers").get(pool, HashSet.class));
        if (!workers.remove(worker)) {
            return;
        }
        Objects.requireNonNull(Slot.of(ThreadPoolExecutor.class, "ctl").get(pool, AtomicInteger.class))
                .decrementAndGet();
        Slot completed = Slot.of(ThreadPoolExecutor.class, "completedTaskCount");
        completed.put(
                pool, completed.getLong(pool) + Slot.of(type, "completedTasks").getLong(worker));
    }
}
