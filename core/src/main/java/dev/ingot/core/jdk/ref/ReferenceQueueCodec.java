package dev.ingot.core.jdk.ref;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import java.lang.ref.ReferenceQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Queues of references. Some JDKs lock them by a monitor and some, such as 21, by a lock of java.util.concurrent. On a JDK of the same kind
 * the lock stays the one that the stacks of waiting threads hold; on another kind no thread can wait, since the methods on its stack are
 * others, and the queue gets a new one.
 */
final class ReferenceQueueCodec implements ObjectCodec<ReferenceQueue<?>> {
    private static final int HEAD = 0;
    private static final int LENGTH = 1;
    private static final int LOCK = 2;
    private static final int NOT_EMPTY = 3;

    private static final Slot HEAD_FIELD = Slot.of(ReferenceQueue.class, "head");
    private static final Slot LENGTH_FIELD = Slot.of(ReferenceQueue.class, "queueLength");
    private static final Slot LOCK_FIELD = Slot.of(ReferenceQueue.class, "lock");
    private static final @Nullable Slot NOT_EMPTY_FIELD = Slot.find(ReferenceQueue.class, "notEmpty");

    @Override
    public boolean accepts(Class<?> type) {
        return ReferenceQueue.class.isAssignableFrom(type);
    }

    @Override
    public @Nullable Class<?> stateOf() {
        return ReferenceQueue.class;
    }

    @Override
    public @Nullable Object[] capture(ReferenceQueue<?> queue) {
        return new @Nullable Object[] {
            HEAD_FIELD.get(queue),
            LENGTH_FIELD.get(queue),
            LOCK_FIELD.get(queue),
            NOT_EMPTY_FIELD == null ? null : NOT_EMPTY_FIELD.get(queue)
        };
    }

    @Override
    public void restore(ReferenceQueue<?> queue, @Nullable Object[] state) {
        HEAD_FIELD.put(queue, state[HEAD]);
        LENGTH_FIELD.put(queue, state[LENGTH]);
        if (NOT_EMPTY_FIELD == null) {
            Class<?> monitor = JdkClass.of("java.lang.ref.ReferenceQueue$Lock");
            LOCK_FIELD.put(queue, monitor.isInstance(state[LOCK]) ? state[LOCK] : JdkClass.allocate(monitor));
        } else if (state[NOT_EMPTY] == null) {
            forgetWaiters(queue);
        } else {
            LOCK_FIELD.put(queue, state[LOCK]);
            NOT_EMPTY_FIELD.put(queue, state[NOT_EMPTY]);
        }
    }

    /** Leaves out who waited for {@code queue}, where the JDK remembers that in objects. */
    static void forgetWaiters(ReferenceQueue<?> queue) {
        if (NOT_EMPTY_FIELD != null) {
            ReentrantLock lock = new ReentrantLock();
            LOCK_FIELD.put(queue, lock);
            NOT_EMPTY_FIELD.put(queue, lock.newCondition());
        }
    }

    /** Before whatever has a queue. */
    @Override
    public int order() {
        return -30;
    }
}
