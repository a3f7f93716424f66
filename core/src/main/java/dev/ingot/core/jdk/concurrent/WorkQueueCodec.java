package dev.ingot.core.jdk.concurrent;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.NamedFields;
import org.jspecify.annotations.Nullable;

/**
 * The queues of fork-join pools, for the version of the JDK they were captured on. On another one no pool has them any more; they
 * are only there because threads that are not started again have them.
 */
final class WorkQueueCodec implements ObjectCodec<Object> {
    private static final int VERSION = 0;
    private static final int FIELDS = 1;

    private static final Class<?> WORK_QUEUE = JdkClass.of("java.util.concurrent.ForkJoinPool$WorkQueue");

    @Override
    public boolean accepts(Class<?> type) {
        return type == WORK_QUEUE;
    }

    @Override
    public @Nullable Object[] capture(Object queue) {
        return new @Nullable Object[] {Runtime.version().feature(), NamedFields.of(queue, WORK_QUEUE)};
    }

    @Override
    public void restore(Object queue, @Nullable Object[] state) {
        if (state[VERSION] instanceof Integer version
                && version == Runtime.version().feature()
                && state[FIELDS] instanceof Object[] fields) {
            NamedFields.set(queue, WORK_QUEUE, fields);
        }
    }
}
