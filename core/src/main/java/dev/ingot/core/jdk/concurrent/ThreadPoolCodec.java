package dev.ingot.core.jdk.concurrent;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.NamedFields;
import dev.ingot.core.jdk.access.Slot;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/** Thread pools: every field, but for the container that shows a pool's threads to tools, which later JDKs insist on. */
final class ThreadPoolCodec implements ObjectCodec<ThreadPoolExecutor> {
    private static final String CONTAINER = "container";

    @Override
    public boolean accepts(Class<?> type) {
        return ThreadPoolExecutor.class.isAssignableFrom(type);
    }

    @Override
    public Class<?> stateOf() {
        return ThreadPoolExecutor.class;
    }

    @Override
    public @Nullable Object[] capture(ThreadPoolExecutor pool) {
        return NamedFields.of(pool, ThreadPoolExecutor.class, CONTAINER);
    }

    @Override
    public void restore(ThreadPoolExecutor pool, @Nullable Object[] state) {
        NamedFields.set(pool, ThreadPoolExecutor.class, state);
        Slot container = Slot.find(ThreadPoolExecutor.class, CONTAINER);
        if (container != null) {
            container.put(
                    pool,
                    HiddenMethod.of(container.type(), "create", String.class).call(null, "threadpool"));
        }
    }
}
