package dev.ingot.agent.checkpoint;

/**
 * A thread of Ingot's on which the program's hooks and listeners run, like one of the program's to them: threads they start
 * inherit its group, its class loader and that it is no daemon. No checkpoint captures it; the runtime knows it by its name.
 */
final class HookThread extends Thread {

    private HookThread(Thread mainThread, Runnable task) {
        super(groupOf(mainThread), task, "Ingot hooks", 0, false);
        setDaemon(false);
        setContextClassLoader(ClassLoader.getSystemClassLoader());
    }

    /** The group of a thread that has ended is unknown; the system's group has the program's as its child. */
    private static ThreadGroup groupOf(Thread mainThread) {
        ThreadGroup group = mainThread.getThreadGroup();
        return group == null ? programGroup() : group;
    }

    private static ThreadGroup programGroup() {
        ThreadGroup system = dev.ingot.runtime.ManagedThreads.systemThreadGroup();
        ThreadGroup[] groups = new ThreadGroup[system.activeGroupCount() + 1];
        int count = system.enumerate(groups, false);
        for (int i = 0; i < count; i++) {
            if (groups[i].getName().equals("main")) {
                return groups[i];
            }
        }
        return system;
    }

    /** Runs {@code task} to its end; an interrupt of the caller is kept for later. */
    static void run(Thread mainThread, Runnable task) {
        HookThread thread = new HookThread(mainThread, task);
        thread.start();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
