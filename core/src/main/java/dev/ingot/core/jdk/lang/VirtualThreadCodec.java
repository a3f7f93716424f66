package dev.ingot.core.jdk.lang;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;

/** Virtual threads, of whose own fields most belong to the JVM that runs them. */
final class VirtualThreadCodec implements ObjectCodec<Thread> {

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals(VirtualThreads.TYPE);
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
