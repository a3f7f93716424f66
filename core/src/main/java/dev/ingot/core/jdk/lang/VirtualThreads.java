package dev.ingot.core.jdk.lang;

import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How this JDK makes and starts virtual threads. Since version 21; used only where one was met.
 *
 * <p>A restored thread runs on the scheduler of this JVM, in a continuation of its own, which begins with the thread's first method.
 */
final class VirtualThreads {
    /** The class of virtual threads. */
    static final String TYPE = "java.lang.VirtualThread";

    private static final String CONTINUATION = "java.lang.VirtualThread$VThreadContinuation";
    private static final String WRAPPER = CONTINUATION + "$1";
    private static final String SHARED_CONTAINER = "jdk.internal.vm.SharedThreadContainer";

    private static final int NEW = 0;
    private static final int STARTED = 1;
    private static final int TERMINATED = 99;

    private static final Class<?> CLASS = JdkClass.of(TYPE);
    private static final Slot SCHEDULER = Slot.of(CLASS, "scheduler");
    private static final Slot CONTINUED = Slot.of(CLASS, "cont");
    private static final Slot STATE = Slot.of(CLASS, "state");
    private static final Slot RUN = Slot.of(CLASS, "runContinuation");
    private static final Slot TERMINATION = Slot.of(CLASS, "termination");
    private static final @Nullable Object DEFAULT_SCHEDULER =
            Slot.of(CLASS, "DEFAULT_SCHEDULER").get(null);
    private static final Slot CONTAINER = Slot.of(Thread.class, "container");

    private static final HiddenMethod SUBMIT = HiddenMethod.of(CLASS, "submitRunContinuation");
    private static final HiddenMethod NEW_CONTINUATION =
            HiddenMethod.constructor(JdkClass.of(CONTINUATION), CLASS, Runnable.class);
    private static final HiddenMethod ROOT = HiddenMethod.of(JdkClass.of("jdk.internal.vm.ThreadContainers"), "root");
    private static final HiddenMethod ADD = added("add", "onStart");

    private static @Nullable MethodHandle runner;

    private VirtualThreads() {}

    /** How a group of threads is told of one that starts; before JDK 24 by the second name. */
    private static HiddenMethod added(String name, String earlier) {
        Class<?> container = JdkClass.of("jdk.internal.vm.ThreadContainer");
        HiddenMethod found = HiddenMethod.find(container, name, Thread.class);
        return found == null ? HiddenMethod.of(container, earlier, Thread.class) : found;
    }

    /** Whether {@code thread} was made with a scheduler of the JDK's own tests, which no image can carry. */
    static boolean hasOwnScheduler(Thread thread) {
        return SCHEDULER.get(thread) != DEFAULT_SCHEDULER;
    }

    static boolean isNew(Thread thread) {
        return STATE.getInt(thread) == NEW;
    }

    static boolean isTerminated(Thread thread) {
        return STATE.getInt(thread) == TERMINATED;
    }

    /** What the thread was made to run. */
    static @Nullable Object taskOf(Thread thread) {
        Object wrapper =
                Slot.of(JdkClass.of("jdk.internal.vm.Continuation"), "target").get(CONTINUED.get(thread));
        return Slot.of(WRAPPER, "val$task").get(wrapper);
    }

    /** On what others wait for the thread's end, or null if nobody ever did. */
    static @Nullable Object terminationOf(Thread thread) {
        return TERMINATION.get(thread);
    }

    /** The group of threads in which it was started, or null. */
    static @Nullable Object containerOf(Thread thread) {
        return CONTAINER.get(thread);
    }

    /** Gives a thread on which no constructor ran what its constructor would have made. */
    static void construct(
            Thread thread,
            boolean terminated,
            @Nullable Object task,
            @Nullable Object termination,
            @Nullable Object container) {
        SCHEDULER.put(thread, DEFAULT_SCHEDULER);
        CONTINUED.put(thread, NEW_CONTINUATION.make(thread, task));
        RUN.put(thread, runnerOf(thread));
        STATE.put(thread, terminated ? TERMINATED : NEW);
        TERMINATION.put(thread, termination);
        CONTAINER.put(thread, container);
    }

    /** Starts a restored thread that was alive, in the group of threads in which it was. */
    static void start(Thread thread) {
        STATE.put(thread, STARTED);
        Object container = CONTAINER.get(thread);
        // Others have their threads among their own fields.
        if (container == ROOT.call(null)
                || (container != null && container.getClass().getName().equals(SHARED_CONTAINER))) {
            ADD.call(container, thread);
        }
        SUBMIT.call(thread);
    }

    /** As the constructor makes it: what the scheduler is given to run the thread. */
    private static Object runnerOf(Thread thread) {
        try {
            return runner().invoke(thread);
        } catch (Throwable failure) {
            throw new IllegalStateException("cannot make a virtual thread in JDK " + Runtime.version(), failure);
        }
    }

    private static synchronized MethodHandle runner() throws Throwable {
        MethodHandle known = runner;
        if (known == null) {
            // Only a lookup with all privileges may make lambdas.
            Object trusted = Slot.of(MethodHandles.Lookup.class, "IMPL_LOOKUP").get(null);
            MethodHandles.Lookup lookup = ((MethodHandles.Lookup) Objects.requireNonNull(trusted)).in(CLASS);
            MethodType nothing = MethodType.methodType(void.class);
            known = LambdaMetafactory.metafactory(
                            lookup,
                            "run",
                            MethodType.methodType(Runnable.class, CLASS),
                            nothing,
                            lookup.findVirtual(CLASS, "runContinuation", nothing),
                            nothing)
                    .getTarget();
            runner = known;
        }
        return known;
    }
}
