package dev.ingot.core.jdk.lang;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.jdk.access.Slot;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What makes up a thread besides its stack: name, priority, group, task, locals and so on, independent of the JDK's version.
 *
 * <p>A state is an array, because it lies in the graph of an image: its elements are strings, boxes and the program's own
 * objects, in the order of the positions below. All methods expect the thread to stand still.
 */
public final class ThreadState {
    private static final int NAME = 0;
    private static final int LIFE = 1;
    private static final int ID = 2;
    private static final int PRIORITY = 3;
    private static final int DAEMON = 4;
    private static final int GROUP = 5;
    private static final int TASK = 6;
    private static final int STACK_SIZE = 7;
    private static final int CONTEXT_LOADER = 8;
    private static final int LOCALS = 9;
    private static final int INHERITABLE_LOCALS = 10;
    private static final int EXCEPTION_HANDLER = 11;
    private static final int INTERRUPTED = 12;
    private static final int PARK_BLOCKER = 13;
    private static final int RANDOM = 14;
    private static final int ACCESS_CONTROL_CONTEXT = 15;
    private static final int SCOPED_VALUES = 16;
    private static final int SIZE = 17;
    /** Of virtual threads only. */
    private static final int TERMINATION = 17;

    private static final int CONTAINER = 18;
    private static final int VIRTUAL_SIZE = 19;

    /** What the JVM writes into the status of a thread that has ended. */
    private static final int STATUS_TERMINATED = 2;

    private ThreadState() {}

    /**
     * The state of {@code thread}.
     *
     * @throws NotCapturableException if it has opened a structured task scope, or is a virtual thread with a scheduler of its own
     */
    public static Object[] of(Thread thread) throws NotCapturableException {
        requireNoScope(thread);
        Object holder = ThreadFields.holder(thread);
        if (holder == null) {
            return ofVirtual(thread);
        }
        @Nullable Object[] state = new @Nullable Object[SIZE];
        state[LIFE] = lifeOf(thread, holder).name();
        state[PRIORITY] = ThreadFields.PRIORITY.get(holder);
        state[DAEMON] = ThreadFields.DAEMON.get(holder);
        state[GROUP] = ThreadFields.GROUP.get(holder);
        state[TASK] = ThreadFields.TASK.get(holder);
        state[STACK_SIZE] = ThreadFields.STACK_SIZE.get(holder);
        addCommon(thread, state);
        return state;
    }

    /** The JVM counts on it that scopes are closed by the stack that opened them, and has them in the order in which that was done. */
    private static void requireNoScope(Thread thread) throws NotCapturableException {
        Object scope = ThreadFields.SCOPES == null ? null : ThreadFields.SCOPES.get(thread);
        if (scope != null) {
            throw new NotCapturableException("cannot capture thread \"" + ThreadFields.NAME.get(thread) + "\" (id "
                    + ThreadFields.ID.get(thread) + "): it has a structured task scope open (" + scope
                    + "); take the checkpoint once it has closed that, or use an executor");
        }
    }

    private static Object[] ofVirtual(Thread thread) throws NotCapturableException {
        if (VirtualThreads.hasOwnScheduler(thread)) {
            throw new NotCapturableException("cannot capture virtual thread " + ThreadFields.NAME.get(thread) + " (id "
                    + ThreadFields.ID.get(thread)
                    + "): it runs on a scheduler of its own; start it on the JDK's");
        }
        @Nullable Object[] state = new @Nullable Object[VIRTUAL_SIZE];
        Life life = lifeOfVirtual(thread);
        state[LIFE] = life.name();
        state[TASK] = life == Life.TERMINATED ? null : VirtualThreads.taskOf(thread);
        state[TERMINATION] = VirtualThreads.terminationOf(thread);
        state[CONTAINER] = life == Life.ALIVE ? VirtualThreads.containerOf(thread) : null;
        addCommon(thread, state);
        return state;
    }

    private static void addCommon(Thread thread, @Nullable Object[] state) {
        state[NAME] = ThreadFields.NAME.get(thread);
        state[ID] = ThreadFields.ID.get(thread);
        state[CONTEXT_LOADER] = ThreadFields.CONTEXT_LOADER.get(thread);
        state[LOCALS] = ThreadLocals.pairs(ThreadFields.LOCALS.get(thread));
        state[INHERITABLE_LOCALS] = ThreadLocals.pairs(ThreadFields.INHERITABLE_LOCALS.get(thread));
        state[EXCEPTION_HANDLER] = ThreadFields.EXCEPTION_HANDLER.get(thread);
        state[INTERRUPTED] = ThreadFields.INTERRUPTED.get(thread);
        state[PARK_BLOCKER] = ThreadFields.PARK_BLOCKER.get(thread);
        state[RANDOM] = random(thread);
        state[ACCESS_CONTROL_CONTEXT] = accessControlContext(thread);
        state[SCOPED_VALUES] = scopedValues(thread);
    }

    /**
     * Sets the state of a thread on which no constructor ran. One that was alive can be started, one that had ended or was
     * not yet started is so again.
     *
     * @throws NotRestorableException if a virtual thread cannot have the id it had
     */
    static void restore(Thread thread, @Nullable Object[] state) throws NotRestorableException {
        boolean virtual = thread.getClass().getName().equals(VirtualThreads.TYPE);
        require(state, virtual ? VIRTUAL_SIZE : SIZE);
        Life life = Life.valueOf(String.valueOf(state[LIFE]));
        if (virtual) {
            ThreadFields.constructLock(thread);
            VirtualThreads.construct(
                    thread, life == Life.TERMINATED, state[TASK], state[TERMINATION], state[CONTAINER]);
            ThreadIds.keep(thread, number(state[ID]).longValue(), life != Life.TERMINATED);
        } else {
            restoreHeld(ThreadFields.construct(thread), state, life);
            ThreadIds.assign(thread, number(state[ID]).longValue(), life != Life.TERMINATED);
        }
        ThreadFields.NAME.put(thread, state[NAME]);
        ThreadFields.LOCALS.put(thread, ThreadLocals.map(pairs(state[LOCALS])));
        ThreadFields.INHERITABLE_LOCALS.put(thread, ThreadLocals.map(pairs(state[INHERITABLE_LOCALS])));
        putOptional(ThreadFields.ACCESS_CONTROL_CONTEXT, thread, state[ACCESS_CONTROL_CONTEXT]);
        putOptional(ThreadFields.SCOPED_VALUES, thread, state[SCOPED_VALUES]);
        restoreShared(thread, state);
    }

    /** Since JDK 19 only platform threads have this part of the state. */
    private static void restoreHeld(Object holder, @Nullable Object[] state, Life life) {
        ThreadFields.PRIORITY.put(holder, state[PRIORITY]);
        ThreadFields.DAEMON.put(holder, state[DAEMON]);
        ThreadFields.GROUP.put(holder, state[GROUP]);
        ThreadFields.TASK.put(holder, state[TASK]);
        ThreadFields.STACK_SIZE.put(holder, state[STACK_SIZE]);
        ThreadFields.STATUS.put(holder, life == Life.TERMINATED ? STATUS_TERMINATED : 0);
        if (life != Life.TERMINATED && state[GROUP] instanceof ThreadGroup group) {
            ThreadGroupCodec.announce(group);
        }
    }

    /**
     * Gives a thread that is not started yet a stack of at least {@code bytes}.
     *
     * @param usual what a thread is given that was made without a size of its own
     */
    public static void widenStack(Thread restored, long bytes, long usual) {
        Object holder = ThreadFields.holder(restored);
        if (holder != null) {
            long size = ThreadFields.STACK_SIZE.getLong(holder);
            if ((size == 0 ? usual : size) < bytes) {
                ThreadFields.STACK_SIZE.put(holder, bytes);
            }
        }
    }

    /** Starts a restored thread, whatever its class makes of {@code start}: the program has called that already. */
    public static void start(Thread restored) throws NotRestorableException {
        try {
            if (ThreadFields.holder(restored) == null) {
                VirtualThreads.start(restored);
            } else {
                MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup())
                        .findSpecial(Thread.class, "start", MethodType.methodType(void.class), Thread.class)
                        .invoke(restored);
            }
        } catch (Throwable failure) {
            throw new NotRestorableException("cannot start thread \"" + restored.getName() + "\"", failure);
        }
    }

    /** Makes a restored thread that was alive and is not to be started one that has ended. */
    public static void end(Thread restored) {
        Object holder = ThreadFields.holder(restored);
        if (holder != null) {
            ThreadFields.STATUS.put(holder, STATUS_TERMINATED);
        }
    }

    /**
     * Sets the state of a thread of this JVM that runs already, such as the one that is to become the program's main thread.
     * Its group, task and daemon status stay; locals of the image replace its own of the same key and join the others.
     */
    public static void applyTo(Thread live, @Nullable Object[] state) {
        require(state, SIZE);
        live.setName(String.valueOf(state[NAME]));
        live.setPriority(number(state[PRIORITY]).intValue());
        addLocals(ThreadFields.LOCALS, live, state[LOCALS]);
        addLocals(ThreadFields.INHERITABLE_LOCALS, live, state[INHERITABLE_LOCALS]);
        putOptional(ThreadFields.SCOPED_VALUES, live, state[SCOPED_VALUES]);
        restoreShared(live, state);
    }

    private static void restoreShared(Thread thread, @Nullable Object[] state) {
        ThreadFields.CONTEXT_LOADER.put(thread, state[CONTEXT_LOADER]);
        ThreadFields.EXCEPTION_HANDLER.put(thread, state[EXCEPTION_HANDLER]);
        ThreadFields.INTERRUPTED.put(thread, state[INTERRUPTED]);
        ThreadFields.PARK_BLOCKER.put(thread, state[PARK_BLOCKER]);
        if (state[RANDOM] instanceof long[] random) {
            ThreadFields.RANDOM_SEED.put(thread, random[0]);
            ThreadFields.RANDOM_PROBE.put(thread, random[1]);
            ThreadFields.RANDOM_SECONDARY_SEED.put(thread, random[2]);
        }
    }

    private static Life lifeOf(Thread thread, Object holder) {
        if (ThreadFields.NATIVE_THREAD.getLong(thread) != 0) {
            return Life.ALIVE;
        }
        return ThreadFields.STATUS.getInt(holder) == 0 ? Life.NEW : Life.TERMINATED;
    }

    private static Life lifeOfVirtual(Thread thread) {
        if (VirtualThreads.isNew(thread)) {
            return Life.NEW;
        }
        return VirtualThreads.isTerminated(thread) ? Life.TERMINATED : Life.ALIVE;
    }

    private static long[] random(Thread thread) {
        return new long[] {
            ThreadFields.RANDOM_SEED.getLong(thread),
            ThreadFields.RANDOM_PROBE.getLong(thread),
            ThreadFields.RANDOM_SECONDARY_SEED.getLong(thread)
        };
    }

    private static @Nullable Object scopedValues(Thread thread) {
        return ThreadFields.SCOPED_VALUES == null ? null : ThreadFields.SCOPED_VALUES.get(thread);
    }

    private static @Nullable Object accessControlContext(Thread thread) {
        Slot slot = ThreadFields.ACCESS_CONTROL_CONTEXT;
        Object context = slot == null ? null : slot.get(thread);
        return context != null && AccessControlContextCodec.isNoticeable(context) ? context : null;
    }

    private static void addLocals(Slot slot, Thread thread, @Nullable Object pairs) {
        if (pairs instanceof Object[] array) {
            slot.put(thread, ThreadLocals.add(slot.get(thread), array));
        }
    }

    private static void putOptional(@Nullable Slot slot, Thread thread, @Nullable Object value) {
        if (slot != null) {
            slot.put(thread, value);
        }
    }

    private static @Nullable Object @Nullable [] pairs(@Nullable Object state) {
        return state == null ? null : (Object[]) state;
    }

    private static Number number(@Nullable Object value) {
        if (value instanceof Number number) {
            return number;
        }
        throw new IllegalArgumentException("expected a number in a thread's state, found " + value);
    }

    private static void require(@Nullable Object[] state, int size) {
        if (state.length != size) {
            throw new IllegalArgumentException(
                    "a thread's state has " + size + " elements, not " + state.length + ": " + Arrays.toString(state));
        }
    }

    /** How far a thread has come. */
    private enum Life {
        NEW,
        ALIVE,
        TERMINATED
    }
}
