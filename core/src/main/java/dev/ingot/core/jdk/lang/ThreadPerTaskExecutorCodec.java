package dev.ingot.core.jdk.lang;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import org.jspecify.annotations.Nullable;

/** Executors that start a thread for each task, since version 21. Such a one knows its threads and joins the JVM's registry again. */
final class ThreadPerTaskExecutorCodec implements ObjectCodec<Object> {
    private static final int FACTORY = 0;
    private static final int THREADS = 1;
    private static final int TERMINATION = 2;
    private static final int STATE = 3;
    private static final int SIZE = 4;

    private static final String TYPE = "java.util.concurrent.ThreadPerTaskExecutor";
    /** The last of its states, of which the first two are those of one that still has a place in the registry. */
    private static final int TERMINATED = 2;

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals(TYPE);
    }

    @Override
    public @Nullable Object[] capture(Object executor) {
        @Nullable Object[] state = new @Nullable Object[SIZE];
        state[FACTORY] = Slot.of(TYPE, "factory").get(executor);
        state[THREADS] = Slot.of(TYPE, "threads").get(executor);
        state[TERMINATION] = Slot.of(TYPE, "terminationSignal").get(executor);
        state[STATE] = Slot.of(TYPE, "state").get(executor);
        return state;
    }

    @Override
    public void restore(Object executor, @Nullable Object[] state) {
        Slot.of(TYPE, "factory").put(executor, state[FACTORY]);
        Slot.of(TYPE, "threads").put(executor, state[THREADS]);
        Slot.of(TYPE, "terminationSignal").put(executor, state[TERMINATION]);
        Slot.of(TYPE, "state").put(executor, state[STATE]);
        if (state[STATE] instanceof Integer reached && reached < TERMINATED) {
            HiddenMethod register = HiddenMethod.of(
                    JdkClass.of("jdk.internal.vm.ThreadContainers"),
                    "registerContainer",
                    JdkClass.of("jdk.internal.vm.ThreadContainer"));
            Slot.of(TYPE, "key").put(executor, register.call(null, executor));
        }
    }
}
