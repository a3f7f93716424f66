package dev.ingot.runtime;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * The methods of {@code Thread} itself, called on threads of the program whose class may override them: the coordinator must
 * not run the program's code. Virtual threads are of a class of the JDK, which does override them.
 */
final class ForeignThread {
    private static final MethodHandles.Lookup LOOKUP = lookup();
    private static final MethodHandle INTERRUPT = find("interrupt", void.class);
    private static final MethodHandle IS_INTERRUPTED = find("isInterrupted", boolean.class);
    private static final MethodHandle STATE = find("getState", Thread.State.class);
    private static final MethodHandle STACK_TRACE = find("getStackTrace", StackTraceElement[].class);

    private ForeignThread() {}

    static void interrupt(Thread thread) {
        if (VirtualThreads.isVirtual(thread)) {
            thread.interrupt();
            return;
        }
        try {
            INTERRUPT.invokeExact(thread);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static boolean isInterrupted(Thread thread) {
        if (VirtualThreads.isVirtual(thread)) {
            return thread.isInterrupted();
        }
        try {
            return (boolean) IS_INTERRUPTED.invokeExact(thread);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static Thread.State state(Thread thread) {
        if (VirtualThreads.isVirtual(thread)) {
            return thread.getState();
        }
        try {
            return (Thread.State) STATE.invokeExact(thread);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static StackTraceElement[] stackTrace(Thread thread) {
        if (VirtualThreads.isVirtual(thread)) {
            return thread.getStackTrace();
        }
        try {
            return (StackTraceElement[]) STACK_TRACE.invokeExact(thread);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static RuntimeException unexpected(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return new IllegalStateException("a method of java.lang.Thread failed", e);
    }

    private static MethodHandles.Lookup lookup() {
        try {
            return MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup());
        } catch (IllegalAccessException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static MethodHandle find(String name, Class<?> result) {
        try {
            return LOOKUP.findSpecial(Thread.class, name, MethodType.methodType(result), Thread.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
