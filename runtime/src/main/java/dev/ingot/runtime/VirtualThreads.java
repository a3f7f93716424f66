package dev.ingot.runtime;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import jdk.internal.access.JavaLangAccess;
import jdk.internal.access.SharedSecrets;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * The virtual threads of newer JDKs.
 *
 * <p>From JDK 21 on they are captured as platform threads are. Their carriers, and whatever else the JDK runs them by, are this JVM's
 * own. In a JVM without continuations they are not captured.
 *
 * <p>Before JDK 24 a virtual thread that owns a monitor keeps its carrier. One that has left its stack owns none; but those that are
 * back in their monitors while the others are still to be rebuilt could have all carriers. The scheduler is therefore given one more
 * for each of them until all stand, see {@link #provideCarriers}.
 */
final class VirtualThreads {
    private static final String NAME = "java.lang.VirtualThread";
    private static final String OF_POLLER = "sun.nio.ch.Poller";
    private static final String DELAY_SCHEDULER = "java.util.concurrent.DelayScheduler";
    private static final int FIRST_THAT_ARE_FINAL = 21;
    private static final int FIRST_THAT_UNMOUNT_IN_MONITORS = 24;

    private static final @Nullable Class<?> TYPE = find(NAME);
    private static final @Nullable Class<?> BOUND_TYPE = find("java.lang.ThreadBuilders$BoundVirtualThread");
    private static final boolean CARRIED =
            TYPE != null && Runtime.version().feature() >= FIRST_THAT_ARE_FINAL && hasKnownFields();
    private static final boolean UNMOUNT_IN_MONITORS = Runtime.version().feature() >= FIRST_THAT_UNMOUNT_IN_MONITORS;

    private VirtualThreads() {}

    /** A JDK may keep what belongs to virtual threads in other places than the one this was written for. */
    private static boolean hasKnownFields() {
        try {
            Unsafe.getUnsafe().ensureClassInitialized(Fields.class);
            return true;
        } catch (LinkageError changed) {
            return false;
        }
    }

    /** Whether this JVM has virtual threads that can be captured and that leave their carriers while they block at a monitor. */
    static boolean unmountInMonitors() {
        return CARRIED && UNMOUNT_IN_MONITORS;
    }

    static boolean isVirtual(Thread thread) {
        Class<?> type = thread.getClass();
        return type == TYPE || type == BOUND_TYPE;
    }

    /** Whether {@code thread} is a virtual one that belongs to the program and can be captured. */
    static boolean carries(Thread thread) {
        return CARRIED && thread.getClass() == TYPE && !isPoller(thread);
    }

    /** Whether {@code thread} is a platform thread that only serves the JVM's virtual ones. */
    static boolean areServedBy(Thread thread) {
        return CARRIED && thread.getClass().getName().equals(DELAY_SCHEDULER) && Fields.delays(thread);
    }

    /** What a virtual thread was made to run. */
    static @Nullable Object taskOf(Thread thread) {
        return CARRIED && thread.getClass() == TYPE ? Fields.taskOf(thread) : null;
    }

    /** Whether the frame is below those of a virtual thread's task. */
    static boolean isBottom(String owner, String method) {
        return owner.equals(NAME) && method.equals("run");
    }

    /** Adds the live ones that are captured. */
    static void addLive(List<Thread> to) {
        if (CARRIED) {
            Census census = new Census(to);
            census.take();
        }
    }

    /** A pin that stands for all live virtual threads that cannot be captured, or {@code null} if there are none. */
    static @Nullable Pin pin() {
        if (TYPE == null) {
            return null;
        }
        Census census = new Census(null);
        census.take();
        Thread first = census.first;
        if (first != null) {
            String name = first.getName().isEmpty() ? "virtual #" + first.getId() : first.getName();
            String detail = census.count == 1 ? null : "one of " + census.count + " virtual threads";
            return new Pin(name, PinReason.VIRTUAL_THREAD, null, detail);
        }
        return Containers.hasUnlisted()
                ? new Pin(
                        "virtual", PinReason.VIRTUAL_THREAD, null, "not listed because of -Djdk.trackAllThreads=false")
                : null;
    }

    /**
     * Whether no carrier is at work. A thread that has ended, or has just parked, may keep its carrier busy a moment longer: with
     * waking those that join it, for example.
     */
    static boolean carriersRest() {
        return !CARRIED || Fields.schedulerIsQuiescent();
    }

    /**
     * Gives the scheduler carriers enough for {@code records} to be rebuilt, whatever monitors they own; until
     * {@link #takeBackCarriers}. To be called by one thread at a time.
     */
    static void provideCarriers(List<ThreadRecord> records) {
        if (!CARRIED || UNMOUNT_IN_MONITORS) {
            return;
        }
        int owners = 0;
        for (ThreadRecord record : records) {
            if (record.thread().getClass() == TYPE && record.ownsMonitors()) {
                owners++;
            }
        }
        if (owners > 0) {
            Carriers.provide(owners);
        }
    }

    /** To be called when all threads have been rebuilt; without effect where no carriers were provided. */
    static void takeBackCarriers() {
        if (CARRIED && !UNMOUNT_IN_MONITORS) {
            Carriers.takeBack();
        }
    }

    /** Parks the current thread, a virtual one. */
    static void park() {
        try {
            Parking.PARK.invokeExact();
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Parks the current thread, a virtual one, for a time. */
    static void park(long nanos) {
        try {
            Parking.PARK_NANOS.invokeExact(nanos);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Those by which the JDK waits for sockets are virtual themselves. */
    private static boolean isPoller(Thread thread) {
        if (!thread.getName().startsWith("SubPoller-")) {
            return false;
        }
        Object task = Fields.taskInExecutor(thread);
        return task != null && task.getClass().getName().startsWith(OF_POLLER);
    }

    private static RuntimeException unexpected(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException unchecked
                ? unchecked
                : new IllegalStateException("the JDK's virtual threads do not work as expected", e);
    }

    private static @Nullable Class<?> find(String name) {
        try {
            return Class.forName(name, false, null);
        } catch (ClassNotFoundException absent) {
            return null;
        }
    }

    private static final class Census {
        private final @Nullable List<Thread> carried;

        @Nullable Thread first;

        int count;

        Census(@Nullable List<Thread> carried) {
            this.carried = carried;
        }

        void take() {
            try {
                takeIn(Containers.ROOT.invoke());
            } catch (Throwable e) {
                throw unexpected(e);
            }
        }

        private void takeIn(Object container) throws Throwable {
            for (Object element : ((Stream<?>) Containers.THREADS.invoke(container)).toArray()) {
                Thread thread = (Thread) element;
                if (isVirtual(thread)) {
                    take(thread);
                }
            }
            for (Object child : ((Stream<?>) Containers.CHILDREN.invoke(container)).toArray()) {
                takeIn(child);
            }
        }

        private void take(Thread thread) {
            List<Thread> listed = carried;
            if (listed != null) {
                if (ManagedThreads.manages(thread)) {
                    listed.add(thread);
                }
            } else if (!CARRIED || thread.getClass() != TYPE) {
                first = first == null ? thread : first;
                count++;
            }
        }
    }

    /** How the JDK groups its threads. */
    private static final class Containers {
        static final MethodHandle ROOT;
        static final MethodHandle THREADS;
        static final MethodHandle CHILDREN;
        private static final MethodHandle COUNT;
        private static final MethodHandle ALL_ARE_TRACKED;

        static {
            try {
                Class<?> all = Class.forName("jdk.internal.vm.ThreadContainers");
                Class<?> container = Class.forName("jdk.internal.vm.ThreadContainer");
                MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(container, MethodHandles.lookup());
                ROOT = lookup.findStatic(all, "root", MethodType.methodType(container));
                ALL_ARE_TRACKED = lookup.findStatic(all, "trackAllThreads", MethodType.methodType(boolean.class));
                THREADS = lookup.findVirtual(container, "threads", MethodType.methodType(Stream.class));
                CHILDREN = lookup.findVirtual(container, "children", MethodType.methodType(Stream.class));
                COUNT = lookup.findVirtual(container, "threadCount", MethodType.methodType(long.class));
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        private Containers() {}

        /** Whether there are threads that the JDK was told to count only. */
        static boolean hasUnlisted() {
            try {
                if ((boolean) ALL_ARE_TRACKED.invoke()) {
                    return false;
                }
                Object root = ROOT.invoke();
                return (long) COUNT.invoke(root) > ((Stream<?>) THREADS.invoke(root)).count();
            } catch (Throwable e) {
                throw unexpected(e);
            }
        }
    }

    /** How a virtual thread parks. */
    private static final class Parking {
        static final MethodHandle PARK = bound(MethodType.methodType(void.class));
        static final MethodHandle PARK_NANOS = bound(MethodType.methodType(void.class, long.class));

        private Parking() {}

        private static MethodHandle bound(MethodType type) {
            try {
                return MethodHandles.privateLookupIn(JavaLangAccess.class, MethodHandles.lookup())
                        .findVirtual(JavaLangAccess.class, "parkVirtualThread", type)
                        .bindTo(SharedSecrets.getJavaLangAccess());
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }
    }

    /** The number of carriers that the scheduler starts where it has work for them. */
    private static final class Carriers {
        /** What a pool can be told at most. */
        private static final int MOST = 0x7fff;

        private static final MethodHandle SET_PARALLELISM = setParallelism();
        private static final int NONE = 0;

        /** What the program had set, while more are provided. */
        private static int usual = NONE;

        private Carriers() {}

        static void provide(int more) {
            if (Fields.SCHEDULER instanceof ForkJoinPool pool) {
                if (usual == NONE) {
                    usual = pool.getParallelism();
                }
                set(pool, Math.min(usual + more, MOST));
            }
        }

        static void takeBack() {
            if (usual != NONE && Fields.SCHEDULER instanceof ForkJoinPool pool) {
                set(pool, usual);
                usual = NONE;
            }
        }

        private static void set(ForkJoinPool pool, int parallelism) {
            try {
                int before = (int) SET_PARALLELISM.invoke(pool, parallelism);
                assert before > 0;
            } catch (Throwable e) {
                throw unexpected(e);
            }
        }

        /** Since JDK 19. */
        private static MethodHandle setParallelism() {
            try {
                return MethodHandles.lookup()
                        .findVirtual(ForkJoinPool.class, "setParallelism", MethodType.methodType(int.class, int.class));
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }
    }

    /** Where the JDK keeps what belongs to a virtual thread; the task is wrapped in an object of the continuation. */
    private static final class Fields {
        private static final Unsafe UNSAFE = Unsafe.getUnsafe();
        private static final long CONTINUATION = offset(NAME, "cont");
        private static final long TARGET = offset("jdk.internal.vm.Continuation", "target");
        private static final String WRAPPER = "java.lang.VirtualThread$VThreadContinuation$1";
        private static final long WRAPPED = offset(WRAPPER, "val$task");
        private static final Class<?> RUNNER = type("java.util.concurrent.ThreadPerTaskExecutor$TaskRunner");
        private static final long TASK_OF_RUNNER = UNSAFE.objectFieldOffset(RUNNER, "task");
        private static final Object SCHEDULER = scheduler();

        private Fields() {}

        static @Nullable Object taskOf(Thread thread) {
            Object continuation = UNSAFE.getReference(thread, CONTINUATION);
            Object wrapper = continuation == null ? null : UNSAFE.getReference(continuation, TARGET);
            return wrapper == null || !wrapper.getClass().getName().equals(WRAPPER)
                    ? null
                    : UNSAFE.getReference(wrapper, WRAPPED);
        }

        static @Nullable Object taskInExecutor(Thread thread) {
            Object task = taskOf(thread);
            return task != null && task.getClass() == RUNNER ? UNSAFE.getReference(task, TASK_OF_RUNNER) : null;
        }

        static boolean delays(Thread delayer) {
            return UNSAFE.getReference(SCHEDULER, Delayer.OF_POOL) == delayer;
        }

        static boolean schedulerIsQuiescent() {
            return !(SCHEDULER instanceof ForkJoinPool pool) || pool.isQuiescent();
        }

        private static Object scheduler() {
            Class<?> type = type(NAME);
            try {
                return MethodHandles.privateLookupIn(type, MethodHandles.lookup())
                        .findStaticVarHandle(type, "DEFAULT_SCHEDULER", ForkJoinPool.class)
                        .get();
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        private static long offset(String type, String field) {
            return UNSAFE.objectFieldOffset(type(type), field);
        }

        private static Class<?> type(String name) {
            try {
                return Class.forName(name, false, null);
            } catch (ClassNotFoundException absent) {
                throw new ExceptionInInitializerError(absent);
            }
        }

        /** Since JDK 25. */
        private static final class Delayer {
            static final long OF_POOL = offset("java.util.concurrent.ForkJoinPool", "delayScheduler");

            private Delayer() {}
        }
    }
}
