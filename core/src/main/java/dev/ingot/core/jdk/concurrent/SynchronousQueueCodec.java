package dev.ingot.core.jdk.concurrent;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.NamedFields;
import dev.ingot.core.jdk.access.Slot;
import java.util.concurrent.SynchronousQueue;
import org.jspecify.annotations.Nullable;

/**
 * Hand-over queues. While nobody waits at one, all there is to know is whether it is fair. Those who wait hold on to its
 * nodes, which differ by version of the JDK; then its fields go along as they are, for a JDK that has these.
 */
final class SynchronousQueueCodec implements ObjectCodec<SynchronousQueue<?>> {
    private static final int FAIR = 0;
    private static final int FIELDS = 1;

    private static final Slot TRANSFERER = Slot.of(SynchronousQueue.class, "transferer");

    @Override
    public boolean accepts(Class<?> type) {
        return SynchronousQueue.class.isAssignableFrom(type);
    }

    @Override
    public Class<?> stateOf() {
        return SynchronousQueue.class;
    }

    @Override
    public @Nullable Object[] capture(SynchronousQueue<?> queue) {
        @Nullable Object[] state = new @Nullable Object[FIELDS + 1];
        state[FAIR] = isFair(queue);
        state[FIELDS] = hasNodes(queue) ? NamedFields.of(queue, SynchronousQueue.class) : null;
        return state;
    }

    @Override
    public void restore(SynchronousQueue<?> queue, @Nullable Object[] state) {
        renew(queue, Boolean.TRUE.equals(state[FAIR]));
        if (state[FIELDS] instanceof Object[] fields && areOfThisJdk(fields)) {
            NamedFields.set(queue, SynchronousQueue.class, fields);
        }
    }

    /** Leaves {@code queue} without anybody who waits at it. */
    static void forgetWaiters(SynchronousQueue<?> queue) {
        renew(queue, isFair(queue));
    }

    private static void renew(SynchronousQueue<?> queue, boolean fair) {
        SynchronousQueue<Object> fresh = new SynchronousQueue<>(fair);
        NamedFields.set(queue, SynchronousQueue.class, NamedFields.of(fresh, SynchronousQueue.class));
    }

    private static boolean areOfThisJdk(@Nullable Object[] pairs) {
        for (int i = 0; i + 1 < pairs.length; i += 2) {
            Slot slot = Slot.find(SynchronousQueue.class, String.valueOf(pairs[i]));
            boolean fits = slot == null
                    || slot.type().isPrimitive()
                    || pairs[i + 1] == null
                    || slot.type().isInstance(pairs[i + 1]);
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    /** Up to version 20 the kind of queue is told by the class of what it delegates to. */
    private static boolean isFair(SynchronousQueue<?> queue) {
        Slot fair = Slot.find(SynchronousQueue.class, "fair");
        if (fair != null) {
            return fair.getBoolean(queue);
        }
        Object transferer = TRANSFERER.get(queue);
        return transferer != null && transferer.getClass().getSimpleName().equals("TransferQueue");
    }

    /** A fair queue of earlier versions always has a node, without item, in front. */
    private static boolean hasNodes(SynchronousQueue<?> queue) {
        Object transferer = TRANSFERER.get(queue);
        for (Class<?> at = transferer == null ? null : transferer.getClass(); at != null; at = at.getSuperclass()) {
            Slot head = Slot.find(at, "head");
            if (head != null) {
                Object first = head.get(transferer);
                return first != null
                        && !(isFair(queue) && first == Slot.of(at, "tail").get(transferer));
            }
        }
        return false;
    }
}
