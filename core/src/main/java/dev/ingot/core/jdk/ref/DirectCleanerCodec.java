package dev.ingot.core.jdk.ref;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.Slot;
import java.lang.ref.Reference;
import jdk.internal.ref.Cleaner;
import org.jspecify.annotations.Nullable;

/** The JDK's older kind of cleaner, one object per action, all in one list that must not be walked. */
final class DirectCleanerCodec implements ObjectCodec<Cleaner> {
    private static final int REFERENT = 0;
    private static final int ACTION = 1;
    private static final int PENDING = 2;

    private static final Slot REFERENT_FIELD = Slot.of(Reference.class, "referent");
    private static final Slot QUEUE_FIELD = Slot.of(Reference.class, "queue");
    private static final Slot ACTION_FIELD = Slot.of(Cleaner.class, "thunk");
    private static final Slot NEXT = Slot.of(Cleaner.class, "next");
    private static final Slot DUMMY_QUEUE = Slot.of(Cleaner.class, "dummyQueue");
    private static final HiddenMethod ADD = HiddenMethod.of(Cleaner.class, "add", Cleaner.class);

    @Override
    public boolean accepts(Class<?> type) {
        return type == Cleaner.class;
    }

    @Override
    public @Nullable Object[] capture(Cleaner cleaner) {
        return new @Nullable Object[] {
            REFERENT_FIELD.get(cleaner), ACTION_FIELD.get(cleaner), NEXT.get(cleaner) != cleaner
        };
    }

    @Override
    public void restore(Cleaner cleaner, @Nullable Object[] state) {
        REFERENT_FIELD.put(cleaner, state[REFERENT]);
        QUEUE_FIELD.put(cleaner, DUMMY_QUEUE.get(null));
        ACTION_FIELD.put(cleaner, state[ACTION]);
        if (Boolean.TRUE.equals(state[PENDING])) {
            ADD.call(null, cleaner);
        } else {
            NEXT.put(cleaner, cleaner);
        }
    }
}
