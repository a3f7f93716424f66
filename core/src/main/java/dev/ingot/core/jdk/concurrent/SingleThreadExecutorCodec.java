package dev.ingot.core.jdk.concurrent;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import jdk.internal.ref.CleanerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Executors of a single thread, which end with the last reference to them: by a finalizer up to JDK 20, by a cleaner since then, in a class
 * of another name.
 */
final class SingleThreadExecutorCodec implements ObjectCodec<Object> {
    /** The name of the class up to JDK 20. */
    private static final String FINALIZED = "java.util.concurrent.Executors$FinalizableDelegatedExecutorService";

    private static final String CLEANED = "java.util.concurrent.Executors$AutoShutdownDelegatedExecutorService";

    private static final Class<?> DELEGATED = JdkClass.of("java.util.concurrent.Executors$DelegatedExecutorService");
    private static final Slot EXECUTOR = Slot.of(DELEGATED, "e");

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals(FINALIZED) || type.getName().equals(CLEANED);
    }

    @Override
    public @Nullable Object[] capture(Object delegating) {
        return new @Nullable Object[] {EXECUTOR.get(delegating)};
    }

    @Override
    public void restore(Object delegating, @Nullable Object[] state) {
        ExecutorService executor = (ExecutorService) Objects.requireNonNull(state[0]);
        EXECUTOR.put(delegating, executor);
        Slot cleanable = Slot.find(delegating.getClass(), "cleanable");
        if (cleanable != null) {
            cleanable.put(delegating, CleanerFactory.cleaner().register(delegating, executor::shutdown));
        }
    }
}
