package dev.ingot.runtime;

import java.util.ArrayList;
import java.util.List;

/** Tells the program's threads from those of the JVM, the JDK, Ingot and other agents, which a fresh JVM has of its own. */
public final class ManagedThreads {
    private static final ThreadGroup SYSTEM_GROUP = systemGroup();
    /** Runs virtual threads. */
    private static final String CARRIER = "jdk.internal.misc.CarrierThread";
    /** Calls the program's hooks; in a group of the program, because threads that hooks start inherit the group. */
    private static final String HOOKS = "dev.ingot.agent.checkpoint.HookThread";

    private ManagedThreads() {}

    /** Whether {@code thread} belongs to the program. */
    public static boolean manages(Thread thread) {
        switch (thread.getClass().getName()) {
            case "jdk.internal.misc.InnocuousThread", CARRIER, HOOKS -> {
                return false;
            }
            default -> {}
        }
        if (VirtualThreads.isVirtual(thread)) {
            return VirtualThreads.carries(thread) && !OtherAgents.own(thread);
        }
        ThreadGroup group = thread.getThreadGroup();
        if (group == null || group == SYSTEM_GROUP || VirtualThreads.areServedBy(thread)) {
            return false;
        }
        return !thread.getName().equals("DestroyJavaVM") && !WatcherThreads.isOne(thread) && !OtherAgents.own(thread);
    }

    /** Whether {@code thread} calls the program's hooks for a checkpoint, which waits for them. */
    static boolean callsHooks(Thread thread) {
        return thread.getClass().getName().equals(HOOKS);
    }

    /** The group for Ingot's own threads, none of which is managed. */
    public static ThreadGroup systemThreadGroup() {
        return SYSTEM_GROUP;
    }

    /** The program's live threads. */
    public static List<Thread> live() {
        Thread[] threads = new Thread[Math.max(16, SYSTEM_GROUP.activeCount() * 2)];
        int count = SYSTEM_GROUP.enumerate(threads, true);
        while (count == threads.length) {
            threads = new Thread[threads.length * 2];
            count = SYSTEM_GROUP.enumerate(threads, true);
        }
        List<Thread> managed = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (manages(threads[i])) {
                managed.add(threads[i]);
            }
        }
        VirtualThreads.addLive(managed);
        return managed;
    }

    private static ThreadGroup systemGroup() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) {
            group = group.getParent();
        }
        return group;
    }
}
