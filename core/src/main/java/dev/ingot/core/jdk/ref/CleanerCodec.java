package dev.ingot.core.jdk.ref;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.Slot;
import java.lang.ref.ReferenceQueue;
import jdk.internal.ref.CleanerImpl;
import jdk.internal.ref.PhantomCleanable;
import org.jspecify.annotations.Nullable;

/** Cleaners made by the program, with their pending actions. {@link CleanerThreads} gives them their thread. */
final class CleanerCodec implements ObjectCodec<CleanerImpl> {
    private static final int QUEUE = 0;
    private static final int PENDING = 1;

    private static final Slot QUEUE_FIELD = Slot.of(CleanerImpl.class, "queue");

    @Override
    public boolean accepts(Class<?> type) {
        return type == CleanerImpl.class;
    }

    @Override
    public @Nullable Object[] capture(CleanerImpl cleaner) {
        return new @Nullable Object[] {
            QUEUE_FIELD.get(cleaner), Cleanables.ofThisJdk().pending(cleaner)
        };
    }

    @Override
    public void restore(CleanerImpl cleaner, @Nullable Object[] state) {
        Cleanables cleanables = Cleanables.ofThisJdk();
        QUEUE_FIELD.put(cleaner, state[QUEUE]);
        if (state[QUEUE] instanceof ReferenceQueue<?> queue) {
            // The cleaner's thread of the image, which never comes; the one made anew would wait behind it.
            ReferenceQueueCodec.forgetWaiters(queue);
        }
        cleanables.clear(cleaner);
        if (state[PENDING] instanceof Object[] pending && pending.length > 0) {
            for (Object cleanable : pending) {
                cleanables.add(cleaner, (PhantomCleanable<?>) cleanable);
            }
            CleanerThreads.add(cleaner);
        }
    }

    @Override
    public int order() {
        return -10;
    }
}
