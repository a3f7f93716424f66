package dev.ingot.integration.program;

import java.lang.reflect.Method;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** Virtual threads for programs that are compiled for a Java without them. */
final class Virtual {
    private Virtual() {}

    /** A thread that is not started yet. */
    static Thread of(String name, Runnable task) {
        Object builder = call(Thread.class, null, "ofVirtual");
        Class<?> type = type("java.lang.Thread$Builder");
        call(type, builder, "name", name);
        return (Thread) call(type, builder, "unstarted", task);
    }

    static Thread start(String name, Runnable task) {
        Thread thread = of(name, task);
        thread.start();
        return thread;
    }

    static ExecutorService executor() {
        return (ExecutorService) call(java.util.concurrent.Executors.class, null, "newVirtualThreadPerTaskExecutor");
    }

    static boolean is(Thread thread) {
        return (boolean) call(Thread.class, thread, "isVirtual");
    }

    private static Class<?> type(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException absent) {
            throw new IllegalStateException("this Java has no virtual threads", absent);
        }
    }

    private static Object call(Class<?> holder, @Nullable Object target, String name, Object... arguments) {
        try {
            for (Method method : holder.getMethods()) {
                if (method.getName().equals(name) && method.getParameterCount() == arguments.length) {
                    return method.invoke(target, arguments);
                }
            }
        } catch (ReflectiveOperationException failure) {
            throw new IllegalStateException("cannot call " + holder.getName() + "." + name, failure);
        }
        throw new IllegalStateException("this Java has no " + holder.getName() + "." + name);
    }
}
