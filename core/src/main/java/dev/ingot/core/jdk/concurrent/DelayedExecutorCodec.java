package dev.ingot.core.jdk.concurrent;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.Slot;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What {@code CompletableFuture.delayedExecutor} returns. Later JDKs keep its delay in nanoseconds, earlier ones with its unit. */
final class DelayedExecutorCodec implements ObjectCodec<Object> {
    private static final String EXECUTOR = "executor";
    private static final String NANOS = "nanoDelay";
    private static final String DELAY = "delay";
    private static final String UNIT = "unit";

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals("java.util.concurrent.CompletableFuture$DelayedExecutor");
    }

    @Override
    public @Nullable Object[] capture(Object delayed) {
        return new @Nullable Object[] {Slot.of(delayed.getClass(), EXECUTOR).get(delayed), nanos(delayed)};
    }

    private static long nanos(Object delayed) {
        Slot nanos = Slot.find(delayed.getClass(), NANOS);
        if (nanos != null) {
            return nanos.getLong(delayed);
        }
        TimeUnit unit = Slot.of(delayed.getClass(), UNIT).get(delayed, TimeUnit.class);
        return Objects.requireNonNull(unit)
                .toNanos(Slot.of(delayed.getClass(), DELAY).getLong(delayed));
    }

    @Override
    public void restore(Object delayed, @Nullable Object[] state) {
        Slot.of(delayed.getClass(), EXECUTOR).put(delayed, state[0]);
        Slot nanos = Slot.find(delayed.getClass(), NANOS);
        if (nanos != null) {
            nanos.put(delayed, state[1]);
        } else {
            Slot.of(delayed.getClass(), DELAY).put(delayed, state[1]);
            Slot.of(delayed.getClass(), UNIT).put(delayed, TimeUnit.NANOSECONDS);
        }
    }
}
