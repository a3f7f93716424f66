package dev.ingot.core.jdk.lang;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;

/** Threads of every class; what subclasses add is copied as it is. */
final class ThreadCodec implements ObjectCodec<Thread> {

    @Override
    public boolean accepts(Class<?> type) {
        return Thread.class.isAssignableFrom(type);
    }

    @Override
    public Class<?> stateOf() {
        return Thread.class;
    }

    @Override
    public Object[] capture(Thread thread) throws NotCapturableException {
        return ThreadState.of(thread);
    }

    @Override
    public void restore(Thread thread, Object[] state) throws NotRestorableException {
        ThreadState.restore(thread, state);
    }

    @Override
    public int order() {
        return RestoreOrder.THREAD;
    }
}
