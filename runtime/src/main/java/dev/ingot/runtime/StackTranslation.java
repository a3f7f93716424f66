package dev.ingot.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Stacks that were captured in a JVM whose JDK may be of another version, as this one can build them.
 *
 * <p>What {@link Thread} does before a thread's task differs between versions and keeps nothing: where it does, its frames are left
 * out, and the thread runs this JVM's own on its way to the task. A frame of another method whose code differs is put at the same
 * {@linkplain ClassSites.MethodSites#landmarks landmark}, if it has one. Those of {@link java.security.AccessController} may become more or fewer.
 */
public final class StackTranslation {
    private static final String WORKER = "java.util.concurrent.ThreadPoolExecutor$Worker";

    private final List<ThreadRecord> threads = new ArrayList<>();
    private final List<Thread> released = new ArrayList<>();
    private final List<Object> releasedWorkers = new ArrayList<>();

    /**
     * Translates the stacks.
     *
     * @param otherVersion whether the feature version of the JDK is another one. Then threads of pools that have nothing to do may be left
     *     out: those of fork-join pools, which are without threads there, and those of others that wait in code which is not there.
     */
    public StackTranslation(List<ThreadRecord> captured, boolean otherVersion) {
        for (ThreadRecord thread : captured) {
            ThreadRecord translated = translated(PrivilegedFrames.translated(withoutStart(thread)));
            if (otherVersion && isIdleForkJoinWorker(thread)) {
                released.add(thread.thread());
                continue;
            }
            Object worker = otherVersion && !isUnchanged(translated) ? idleWorker(thread) : null;
            if (worker != null) {
                released.add(thread.thread());
                releasedWorkers.add(worker);
            } else {
                threads.add(translated);
            }
        }
    }

    /** The stacks of the threads that go on. */
    public List<ThreadRecord> threads() {
        return List.copyOf(threads);
    }

    /** The threads that are left out. */
    public List<Thread> released() {
        return List.copyOf(released);
    }

    /** The workers of thread pools whose threads are left out; those of fork-join pools are not among them. */
    public List<Object> releasedWorkers() {
        return List.copyOf(releasedWorkers);
    }

    private static boolean isIdleForkJoinWorker(ThreadRecord thread) {
        if (thread.depth() == 0 || thread.frame(0).owner() != ForkJoinWorkerThread.class) {
            return false;
        }
        for (FrameRecord frame : thread.frames()) {
            Class<?> owner = frame.owner();
            if (owner != ForkJoinWorkerThread.class
                    && owner != ForkJoinPool.class
                    && owner != LockSupport.class
                    && owner != Leaves.class) {
                return false;
            }
        }
        return true;
    }

    /** The worker of a thread pool that waits for a task in nothing but code of the JDK; null if the thread does anything else. */
    private static @Nullable Object idleWorker(ThreadRecord thread) {
        Object worker = null;
        boolean waits = false;
        for (FrameRecord frame : thread.frames()) {
            if (worker == null && frame.owner().getName().equals(WORKER)) {
                worker = frame.receiver();
            } else if (worker != null
                    && frame.owner() == ThreadPoolExecutor.class
                    && frame.method().startsWith("getTask(")) {
                waits = true;
            } else if (waits && frame.owner().getClassLoader() != null && frame.owner() != Leaves.class) {
                return null;
            }
        }
        return waits ? worker : null;
    }

    private static ThreadRecord withoutStart(ThreadRecord thread) {
        int starting = 0;
        boolean changed = false;
        while (starting < thread.depth() - 1 && startsTask(thread.frame(starting))) {
            changed |= !isUnchanged(thread.frame(starting));
            starting++;
        }
        return changed ? thread.without(starting) : thread;
    }

    private static boolean startsTask(FrameRecord frame) {
        return frame.owner() == Thread.class
                && (frame.method().equals("run()V")
                        || frame.method().equals("runWith(Ljava/lang/Object;Ljava/lang/Runnable;)V"));
    }

    private static ThreadRecord translated(ThreadRecord thread) {
        FrameRecord[] frames = null;
        for (int i = 0; i < thread.depth(); i++) {
            FrameRecord translated = translated(thread.frame(i));
            if (translated != null) {
                frames = frames == null ? thread.frames() : frames;
                frames[i] = translated;
            }
        }
        return frames == null ? thread : thread.with(frames);
    }

    /** Null if the frame can be built as it is, or not at all. */
    private static @Nullable FrameRecord translated(FrameRecord frame) {
        if (isUnchanged(frame)) {
            return null;
        }
        ClassSites sites = SiteTable.find(frame.owner());
        if (sites == null) {
            return null;
        }
        ClassSites.MethodSites here = sites.find(frame.method());
        if (isLambdaOfJdk(frame)) {
            ClassSites.MethodSites renamed = sites.findLambda(frame.method());
            if (renamed != null && renamed.bodyHash == frame.bodyHash() && frame.site() < renamed.callees.length) {
                return frame.renamed(renamed);
            }
            here = renamed;
        }
        return here == null || !frame.hasLandmark() ? null : frame.in(here);
    }

    /** The methods on these stacks whose code in this JVM is not the code they were captured in, as {@code class.method}. */
    public static List<String> changedMethods(List<ThreadRecord> threads) {
        List<String> changed = new ArrayList<>();
        for (ThreadRecord thread : threads) {
            for (FrameRecord frame : thread.frames()) {
                if (frame.owner() != Leaves.class && !isUnchanged(frame)) {
                    changed.add(frame.owner().getName() + "." + frame.method());
                }
            }
        }
        return changed;
    }

    private static boolean isUnchanged(ThreadRecord thread) {
        for (FrameRecord frame : thread.frames()) {
            if (frame.owner() != Leaves.class && !isUnchanged(frame)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the image may have known the frame's method by another name, or not at all. */
    public static boolean mayBeNew(FrameRecord frame) {
        return isLambdaOfJdk(frame) || PrivilegedFrames.has(frame);
    }

    /** Whether the frame is that of the body of a lambda of the JDK, which is numbered otherwise in each version. */
    private static boolean isLambdaOfJdk(FrameRecord frame) {
        return frame.owner().getClassLoader() == null && frame.method().startsWith("lambda$");
    }

    private static boolean isUnchanged(FrameRecord frame) {
        ClassSites.MethodSites here = sitesOf(frame);
        return here != null && frame.site() < here.callees.length && here.bodyHash == frame.bodyHash();
    }

    private static ClassSites.@Nullable MethodSites sitesOf(FrameRecord frame) {
        ClassSites sites = SiteTable.find(frame.owner());
        return sites == null ? null : sites.find(frame.method());
    }
}
