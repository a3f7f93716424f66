package dev.ingot.core.jdk.concurrent;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.NamedFields;
import dev.ingot.core.jdk.access.Slot;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * What {@link ReentrantReadWriteLock} is made of. Earlier JDKs keep both counts in the halves of an int, later ones in those of a
 * long, on top of another superclass. While nobody waits, counts and owner are all there is to know. Those who wait hold on to the
 * nodes of a queue, which goes along as it is, to a JDK with the same nodes.
 */
final class ReadWriteLockCodec implements ObjectCodec<Object> {
    private static final String SYNC = "java.util.concurrent.locks.ReentrantReadWriteLock$Sync";
    private static final int READERS = 0;
    private static final int WRITES = 1;
    private static final int OWNER = 2;
    private static final int HOLDS = 3;
    private static final int HEAD = 4;
    private static final int TAIL = 5;

    @Override
    public boolean accepts(Class<?> type) {
        return JdkClass.isSubtype(type, SYNC);
    }

    @Override
    public @Nullable Object[] capture(Object sync) {
        Slot counts = Slot.inherited(sync, "state");
        long count = counts.getLong(sync);
        int half = half(counts);
        @Nullable Object[] state = new @Nullable Object[TAIL + 1];
        state[READERS] = (int) (count >>> half);
        state[WRITES] = (int) (count & mask(half));
        state[OWNER] = Slot.inherited(sync, "exclusiveOwnerThread").get(sync);
        state[HOLDS] = NamedFields.of(sync, JdkClass.of(SYNC));
        Object head = Slot.inherited(sync, "head").get(sync);
        Object tail = Slot.inherited(sync, "tail").get(sync);
        // The only node, if there is just one, is that of nobody.
        if (head != tail) {
            state[HEAD] = head;
            state[TAIL] = tail;
        }
        return state;
    }

    @Override
    public void restore(Object sync, @Nullable Object[] state) throws NotRestorableException {
        Slot counts = Slot.inherited(sync, "state");
        int half = half(counts);
        long readers = count(state[READERS], half);
        long writes = count(state[WRITES], half);
        NamedFields.set(sync, JdkClass.of(SYNC), (Object[]) Objects.requireNonNull(state[HOLDS]));
        Slot.inherited(sync, "exclusiveOwnerThread").put(sync, state[OWNER]);
        restoreNode(sync, "head", state[HEAD]);
        restoreNode(sync, "tail", state[TAIL]);
        counts.put(sync, readers << half | writes);
    }

    private static void restoreNode(Object sync, String name, @Nullable Object node) throws NotRestorableException {
        Slot slot = Slot.inherited(sync, name);
        if (node != null && !slot.type().isInstance(node)) {
            throw new NotRestorableException(
                    "threads wait for a ReentrantReadWriteLock, of whose queue this JDK has another form; resume on the JDK"
                            + " version the image was taken on");
        }
        slot.put(sync, node);
    }

    private static long count(@Nullable Object count, int half) throws NotRestorableException {
        long value = count instanceof Integer number ? number : 0;
        if (value > mask(half)) {
            throw new NotRestorableException(
                    "a ReentrantReadWriteLock is held " + value
                            + " times, which is more than this JDK can count; resume on the JDK version the image was taken on");
        }
        return value;
    }

    private static int half(Slot counts) {
        return (counts.type() == long.class ? Long.SIZE : Integer.SIZE) / 2;
    }

    private static long mask(int half) {
        return (1L << half) - 1;
    }

    /** Code of the JDK that restores other objects may lock. */
    @Override
    public int order() {
        return -2000;
    }
}
