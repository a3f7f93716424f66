package dev.ingot.agent.checkpoint;

import dev.ingot.runtime.ManagedThreads;

/** Makes Ingot's own threads: daemons that no checkpoint stops. */
final class AgentThreads {
    private AgentThreads() {}

    static Thread make(String name, Runnable task) {
        Thread thread = new Thread(ManagedThreads.systemThreadGroup(), task, "Ingot " + name);
        thread.setDaemon(true);
        thread.setContextClassLoader(AgentThreads.class.getClassLoader());
        return thread;
    }

    static Thread start(String name, Runnable task) {
        Thread thread = make(name, task);
        thread.start();
        return thread;
    }
}
