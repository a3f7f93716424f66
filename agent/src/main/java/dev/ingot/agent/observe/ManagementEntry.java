package dev.ingot.agent.observe;

import dev.ingot.agent.log.AgentLog;

/**
 * Whether Ingot's bean is in the platform MBean server. While an image is taken it is not: the program may hold the server,
 * and through it the image would get objects of Ingot's. Thread-safe.
 */
final class ManagementEntry {
    /** The class of every MBean server of the JDK; once it is loaded, the program uses management. */
    private static final String SERVER_CLASS = "com/sun/jmx/mbeanserver/JmxMBeanServer";

    private final Statistics statistics;
    private final AgentLog log;
    private boolean entered;
    private int holds;

    ManagementEntry(Statistics statistics, AgentLog log) {
        this.statistics = statistics;
        this.log = log;
    }

    static boolean isUsedBy(String className) {
        return className.equals(SERVER_CLASS);
    }

    /** Registers the bean if there is a server, now or when no image is being taken any more. */
    synchronized void enter() {
        if (entered || holds > 0 || !isAvailable()) {
            return;
        }
        try {
            entered = Management.enter(statistics);
        } catch (IllegalStateException | SecurityException e) {
            log.warn("management of checkpoints is not available", e);
        }
    }

    private static boolean isAvailable() {
        return ModuleLayer.boot().findModule("java.management").isPresent();
    }

    /** Keeps the bean out until {@link #release}. */
    synchronized void hold() {
        holds++;
        if (!entered) {
            return;
        }
        entered = false;
        try {
            Management.leave();
        } catch (IllegalStateException | SecurityException e) {
            log.warn("the image may hold objects of Ingot's", e);
        }
    }

    synchronized void release() {
        holds--;
    }
}
