package dev.ingot.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Predicate;
import jdk.internal.misc.Unsafe;
import jdk.internal.misc.VM;
import org.jspecify.annotations.Nullable;

/**
 * What other Java agents brought into this JVM. A fresh JVM starts them anew, so it is no part of the program.
 *
 * <p>An agent that keeps out of the program's way appends classes to the boot loader's search path and loads the rest through a
 * loader of its own, whose class is one of those. So what belongs to it shows in class loaders; its threads show in their tasks,
 * and in that they were there before the program started. An agent that lives in the application's class loader looks like a
 * part of the program and is treated as one.
 */
public final class OtherAgents {
    private static final Unsafe UNSAFE = Unsafe.getUnsafe();
    private static final String RUNTIME_PREFIX = "dev.ingot.runtime.";
    private static final String CRAC_PREFIX = "jdk.crac.";
    private static final String WORKER = "java.util.concurrent.ThreadPoolExecutor$Worker";
    private static final String FIELD_OF_OPENTELEMETRY = "__opentelemetryVirtualField$";
    /** Set by {@code -Xbootclasspath/a}, with which a program's own classes can lie in the boot loader. */
    private static final boolean PROGRAM_IN_BOOT_LOADER = isSet(VM.getSavedProperty("jdk.boot.class.path.append"));

    private static final @Nullable ThreadField HOLDER = ThreadField.find(Thread.class, "holder");
    private static final ThreadField TASK = ThreadField.ofTask();

    private static volatile @Nullable Predicate<Class<?>> classesOfAgents;
    private static volatile Thread[] threadsBeforeProgram = new Thread[0];

    private OtherAgents() {}

    /**
     * Says how to tell the classes of agents in the application's class loader, of which some are loaders for the rest of the agent.
     *
     * @param classes asked within class loading
     */
    public static void tellBy(Predicate<Class<?>> classes) {
        classesOfAgents = classes;
    }

    /** Whether {@code type} was defined by another agent's class loader, or for one by the boot loader. */
    public static boolean own(Class<?> type) {
        Predicate<Class<?>> ofAgent = classesOfAgents;
        Class<?> last = type;
        for (ClassLoader loader = type.getClassLoader(); loader != null; loader = last.getClassLoader()) {
            last = loader.getClass();
            if (ofAgent != null && ofAgent.test(last)) {
                return true;
            }
        }
        return !PROGRAM_IN_BOOT_LOADER && !last.isArray() && !last.getModule().isNamed() && !isIngot(last.getName());
    }

    /** Whether {@code loader} is another agent's. */
    public static boolean own(@Nullable ClassLoader loader) {
        return loader != null && own(loader.getClass());
    }

    /** Whether a field of this name was added to a class by another agent, which keeps there what it knows of an object. */
    public static boolean added(String field) {
        return field.startsWith(FIELD_OF_OPENTELEMETRY);
    }

    /** Whether {@code thread} does another agent's work. */
    public static boolean own(Thread thread) {
        for (Thread early : threadsBeforeProgram) {
            if (early == thread) {
                return true;
            }
        }
        if (own(thread.getClass())) {
            return true;
        }
        Object task = taskOf(thread);
        return task != null && (own(task.getClass()) || own(poolOf(task)));
    }

    /**
     * Remembers the threads that are there before the program starts, other than the one that will run it and those that come
     * from an image. May be called again as the start comes nearer; what was remembered stays so.
     */
    public static synchronized void programStartsIn(Thread main) {
        List<Thread> early = new ArrayList<>(List.of(threadsBeforeProgram));
        for (Thread thread : ManagedThreads.live()) {
            ThreadSlot slot = ThreadTable.find(thread);
            if (thread != main && (slot == null || !slot.rebuilding())) {
                early.add(thread);
            }
        }
        ThreadTable.remove(early);
        threadsBeforeProgram = early.toArray(new Thread[0]);
    }

    /** Whether any threads were there before the program. */
    public static boolean haveThreads() {
        return threadsBeforeProgram.length > 0;
    }

    private static boolean own(@Nullable ThreadPoolExecutor pool) {
        return pool != null
                && (own(pool.getClass()) || own(pool.getThreadFactory().getClass()));
    }

    private static @Nullable ThreadPoolExecutor poolOf(Object task) {
        // By name: the JVM shows no transformer a class that is loaded within one, as this may be asked.
        if (!task.getClass().getName().equals(WORKER)) {
            return null;
        }
        return (ThreadPoolExecutor) UNSAFE.getReference(task, PoolField.OFFSET);
    }

    /** What the thread was made to run; null for one that runs a method of its own. */
    static @Nullable Object taskOf(Thread thread) {
        if (VirtualThreads.isVirtual(thread)) {
            return VirtualThreads.taskOf(thread);
        }
        Object holder = HOLDER == null ? thread : UNSAFE.getReference(thread, HOLDER.offset);
        return holder == null ? null : UNSAFE.getReference(holder, TASK.offset);
    }

    private static boolean isIngot(String name) {
        return name.startsWith(RUNTIME_PREFIX) || name.startsWith(CRAC_PREFIX);
    }

    private static boolean isSet(@Nullable String property) {
        return property != null && !property.isEmpty();
    }

    /** Loaded once a pool's thread is met. */
    private static final class PoolField {
        static final long OFFSET;

        static {
            try {
                OFFSET = UNSAFE.objectFieldOffset(Class.forName(WORKER, false, null), "this$0");
            } catch (ClassNotFoundException absent) {
                throw new ExceptionInInitializerError(absent);
            }
        }
    }

    private static final class ThreadField {
        final long offset;

        private ThreadField(Class<?> owner, String name) {
            this.offset = UNSAFE.objectFieldOffset(owner, name);
        }

        static @Nullable ThreadField find(Class<?> owner, String name) {
            try {
                return new ThreadField(owner, name);
            } catch (InternalError absent) {
                return null;
            }
        }

        /** Since JDK 19 what virtual threads do without is in an object of its own. */
        static ThreadField ofTask() {
            ThreadField direct = find(Thread.class, "target");
            if (direct != null) {
                return direct;
            }
            try {
                return new ThreadField(Class.forName("java.lang.Thread$FieldHolder", false, null), "task");
            } catch (ClassNotFoundException absent) {
                throw new ExceptionInInitializerError(absent);
            }
        }
    }
}
