package dev.ingot.core.jdk.ref;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.Slot;
import java.lang.ref.Reference;
import java.util.Set;
import jdk.internal.ref.PhantomCleanable;
import org.jspecify.annotations.Nullable;

/**
 * Cleaning actions registered through {@code java.lang.ref.Cleaner}. Those pending at the JDK's own cleaner join its list
 * again; those of the program's cleaners are linked by {@link CleanerCodec}.
 */
final class CleanableCodec implements ObjectCodec<PhantomCleanable<?>> {
    private static final int REFERENT = 0;
    private static final int PENDING_AT_JDK = 1;
    private static final int QUEUE = 2;

    private static final Set<String> TYPES =
            Set.of("jdk.internal.ref.CleanerImpl$PhantomCleanableRef", "jdk.internal.ref.CleanerImpl$CleanerCleanable");
    private static final Slot REFERENT_FIELD = Slot.of(Reference.class, "referent");
    private static final Slot QUEUE_FIELD = Slot.of(Reference.class, "queue");
    private static final Slot COMMON_QUEUE = Slot.of(jdk.internal.ref.CleanerImpl.class, "queue");

    @Override
    public boolean accepts(Class<?> type) {
        return TYPES.contains(type.getName());
    }

    @Override
    public Class<?> stateOf() {
        return PhantomCleanable.class;
    }

    @Override
    public @Nullable Object[] capture(PhantomCleanable<?> cleanable) {
        Cleanables cleanables = Cleanables.ofThisJdk();
        boolean common = cleanables.listOf(cleanable) == cleanables.listOf(Cleanables.common());
        @Nullable Object[] state = new @Nullable Object[QUEUE + 1];
        state[REFERENT] = REFERENT_FIELD.get(cleanable);
        state[PENDING_AT_JDK] = common && cleanables.isPending(cleanable);
        state[QUEUE] = common ? null : QUEUE_FIELD.get(cleanable);
        return state;
    }

    @Override
    public void restore(PhantomCleanable<?> cleanable, @Nullable Object[] state) {
        Cleanables cleanables = Cleanables.ofThisJdk();
        Object queue = state[QUEUE];
        REFERENT_FIELD.put(cleanable, state[REFERENT]);
        QUEUE_FIELD.put(cleanable, queue == null ? COMMON_QUEUE.get(Cleanables.common()) : queue);
        if (Boolean.TRUE.equals(state[PENDING_AT_JDK])) {
            cleanables.add(Cleanables.common(), cleanable);
        } else {
            cleanables.finish(cleanable);
        }
    }

    /** Before the cleaners, which link what is pending at them. */
    @Override
    public int order() {
        return -20;
    }
}
