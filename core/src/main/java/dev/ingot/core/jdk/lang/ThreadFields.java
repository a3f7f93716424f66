package dev.ingot.core.jdk.lang;

import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import org.jspecify.annotations.Nullable;

/**
 * Where a thread's state lies in this JDK. Since version 19 part of it is in a holder object, so that virtual threads do
 * without it.
 */
final class ThreadFields {
    static final Slot NAME = Slot.of(Thread.class, "name");
    static final Slot ID = Slot.of(Thread.class, "tid");
    static final Slot NATIVE_THREAD = Slot.of(Thread.class, "eetop");
    static final Slot INTERRUPTED = Slot.of(Thread.class, "interrupted");
    static final Slot CONTEXT_LOADER = Slot.of(Thread.class, "contextClassLoader");
    static final Slot LOCALS = Slot.of(Thread.class, "threadLocals");
    static final Slot INHERITABLE_LOCALS = Slot.of(Thread.class, "inheritableThreadLocals");
    static final Slot EXCEPTION_HANDLER = Slot.of(Thread.class, "uncaughtExceptionHandler");
    static final Slot PARK_BLOCKER = Slot.of(Thread.class, "parkBlocker");
    static final Slot RANDOM_SEED = Slot.of(Thread.class, "threadLocalRandomSeed");
    static final Slot RANDOM_PROBE = Slot.of(Thread.class, "threadLocalRandomProbe");
    static final Slot RANDOM_SECONDARY_SEED = Slot.of(Thread.class, "threadLocalRandomSecondarySeed");
    static final @Nullable Slot ACCESS_CONTROL_CONTEXT = Slot.find(Thread.class, "inheritedAccessControlContext");
    /** The innermost scope that is to be closed by the thread. */
    static final @Nullable Slot SCOPES = Slot.find(Thread.class, "headStackableScopes");

    static final @Nullable Slot SCOPED_VALUES = Slot.find(Thread.class, "scopedValueBindings");

    static final Slot GROUP;
    static final Slot TASK;
    static final Slot STACK_SIZE;
    static final Slot PRIORITY;
    static final Slot DAEMON;
    static final Slot STATUS;

    private static final @Nullable Slot HOLDER = Slot.find(Thread.class, "holder");
    private static final Slot INTERRUPT_LOCK;

    static {
        boolean held = HOLDER != null;
        Class<?> owner = held ? JdkClass.of("java.lang.Thread$FieldHolder") : Thread.class;
        GROUP = Slot.of(owner, "group");
        TASK = Slot.of(owner, held ? "task" : "target");
        STACK_SIZE = Slot.of(owner, "stackSize");
        PRIORITY = Slot.of(owner, "priority");
        DAEMON = Slot.of(owner, "daemon");
        STATUS = Slot.of(owner, "threadStatus");
        INTERRUPT_LOCK = Slot.of(Thread.class, held ? "interruptLock" : "blockerLock");
    }

    private ThreadFields() {}

    /** The object that carries the fields from {@link #GROUP} to {@link #STATUS}; null for a virtual thread. */
    static @Nullable Object holder(Thread thread) {
        return HOLDER == null ? thread : HOLDER.get(thread);
    }

    /** Gives a thread on which no constructor ran the objects that its constructor would have made, and returns its holder. */
    static Object construct(Thread thread) {
        constructLock(thread);
        if (HOLDER == null) {
            return thread;
        }
        Object holder = JdkClass.allocate(JdkClass.of("java.lang.Thread$FieldHolder"));
        HOLDER.put(thread, holder);
        return holder;
    }

    /** The part of {@link #construct} that virtual threads share. */
    static void constructLock(Thread thread) {
        INTERRUPT_LOCK.put(thread, new Object());
    }
}
