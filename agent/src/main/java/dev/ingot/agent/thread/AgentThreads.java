package dev.ingot.agent.thread;

import dev.ingot.runtime.ManagedThreads;
import java.util.concurrent.ThreadFactory;

/** Makes Ingot's own threads: daemons that no checkpoint stops. */
public final class AgentThreads {
    private AgentThreads() {}

    /** Makes threads of one name. A class, because the first lambda of a JVM costs a start many times what a class does. */
    public record Factory(String name) implements ThreadFactory {
        @Override
        public Thread newThread(Runnable task) {
            return make(name, task);
        }
    }

    /** A thread named "Ingot {@code name}" that is not started yet. */
    public static Thread make(String name, Runnable task) {
        Thread thread = new Thread(ManagedThreads.systemThreadGroup(), task, "Ingot ".concat(name));
        thread.setDaemon(true);
        thread.setContextClassLoader(AgentThreads.class.getClassLoader());
        return thread;
    }

    /** The same, started. */
    public static Thread start(String name, Runnable task) {
        Thread thread = make(name, task);
        thread.start();
        return thread;
    }
}
