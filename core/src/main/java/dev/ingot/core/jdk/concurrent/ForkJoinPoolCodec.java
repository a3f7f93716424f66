package dev.ingot.core.jdk.concurrent;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import java.util.concurrent.ForkJoinPool;

/** Fork-join pools of the program. */
final class ForkJoinPoolCodec implements ObjectCodec<ForkJoinPool> {

    @Override
    public boolean accepts(Class<?> type) {
        return ForkJoinPool.class.isAssignableFrom(type);
    }

    @Override
    public Class<?> stateOf() {
        return ForkJoinPool.class;
    }

    @Override
    public Object[] capture(ForkJoinPool pool) {
        return ForkJoinPoolState.of(pool);
    }

    @Override
    public void restore(ForkJoinPool pool, Object[] state) throws NotRestorableException {
        ForkJoinPoolState.restore(pool, state);
    }
}
