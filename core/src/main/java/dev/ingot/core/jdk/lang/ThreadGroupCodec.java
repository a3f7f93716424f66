package dev.ingot.core.jdk.lang;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.Slot;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Thread groups made by the program. A group finds its threads anew when they start; its subgroups join it one by one as
 * they are restored, since the parent may be a group of the JVM, which is not.
 */
final class ThreadGroupCodec implements ObjectCodec<ThreadGroup> {
    private static final int PARENT = 0;
    private static final int NAME = 1;
    private static final int MAX_PRIORITY = 2;
    private static final int DAEMON = 3;
    private static final int DESTROYED = 4;
    private static final int SUBGROUPS = 5;

    /** Tells {@code group} of a thread that belongs to it and is not started yet, where this JDK counts them. */
    static void announce(ThreadGroup group) {
        if (Fields.ADD_UNSTARTED != null) {
            Fields.ADD_UNSTARTED.call(group);
        }
    }

    @Override
    public boolean accepts(Class<?> type) {
        return ThreadGroup.class.isAssignableFrom(type);
    }

    @Override
    public Class<?> stateOf() {
        return ThreadGroup.class;
    }

    @Override
    public @Nullable Object[] capture(ThreadGroup group) {
        @Nullable Object[] state = new @Nullable Object[SUBGROUPS + 1];
        state[PARENT] = Fields.PARENT.get(group);
        state[NAME] = Fields.NAME.get(group);
        state[MAX_PRIORITY] = Fields.MAX_PRIORITY.get(group);
        state[DAEMON] = Fields.DAEMON.get(group);
        state[DESTROYED] = Fields.DESTROYED != null && Fields.DESTROYED.getBoolean(group);
        state[SUBGROUPS] = subgroups(group);
        return state;
    }

    @Override
    public void restore(ThreadGroup group, @Nullable Object[] state) {
        Fields.PARENT.put(group, state[PARENT]);
        Fields.NAME.put(group, state[NAME]);
        Fields.MAX_PRIORITY.put(group, state[MAX_PRIORITY]);
        Fields.DAEMON.put(group, state[DAEMON]);
        if (Boolean.TRUE.equals(state[DESTROYED])) {
            markDestroyed(group);
        } else if (state[PARENT] != null) {
            Fields.ADD_GROUP.call(state[PARENT], group);
        }
    }

    @Override
    public int order() {
        return RestoreOrder.THREAD_GROUP;
    }

    private static void markDestroyed(ThreadGroup group) {
        if (Fields.DESTROYED != null) {
            Fields.DESTROYED.put(group, true);
        }
    }

    private static Object[] subgroups(ThreadGroup group) {
        List<Object> found = new ArrayList<>();
        addPresent(found, Fields.GROUPS.get(group));
        addPresent(found, Fields.WEAK_GROUPS == null ? null : Fields.WEAK_GROUPS.get(group));
        return found.toArray();
    }

    private static void addPresent(List<Object> found, @Nullable Object groups) {
        if (groups instanceof Object[] array) {
            for (Object element : array) {
                Object group = element instanceof Reference<?> reference ? reference.get() : element;
                if (group != null) {
                    found.add(group);
                }
            }
        }
    }

    /** Looked up when the first group is met. */
    private static final class Fields {
        static final Slot PARENT = Slot.of(ThreadGroup.class, "parent");
        static final Slot NAME = Slot.of(ThreadGroup.class, "name");
        static final Slot MAX_PRIORITY = Slot.of(ThreadGroup.class, "maxPriority");
        static final Slot DAEMON = Slot.of(ThreadGroup.class, "daemon");
        static final Slot GROUPS = Slot.of(ThreadGroup.class, "groups");

        /** Groups held weakly, since version 19. */
        static final @Nullable Slot WEAK_GROUPS = Slot.find(ThreadGroup.class, "weaks");

        /** Up to version 18 a group can be destroyed and counts the threads that are not started yet. */
        static final @Nullable Slot DESTROYED = Slot.find(ThreadGroup.class, "destroyed");

        static final @Nullable HiddenMethod ADD_UNSTARTED = HiddenMethod.find(ThreadGroup.class, "addUnstarted");
        static final HiddenMethod ADD_GROUP = HiddenMethod.of(
                ThreadGroup.class, WEAK_GROUPS == null ? "add" : "synchronizedAddWeak", ThreadGroup.class);
    }
}
