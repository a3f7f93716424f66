package dev.ingot.agent.checkpoint;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.image.LaunchPlan;
import dev.ingot.core.jdk.lang.ThreadState;
import dev.ingot.core.jvm.HotSpotFlags;
import dev.ingot.runtime.Safepoint;
import dev.ingot.runtime.ThreadRecord;
import java.util.List;

/** How large the stacks of this JVM's threads are. */
final class ThreadStacks {
    /** In KB. */
    private static final String SIZE = "ThreadStackSize";

    private static final long SMALLEST_DEFAULT_KB = 1 << 10;

    private ThreadStacks() {}

    /** Tells the runtime; to be called before threads are stopped. */
    static void describe() {
        Safepoint.stacksHave(usualBytes());
    }

    /** What a thread has that was made without a size of its own. */
    private static long usualBytes() {
        long kilobytes = HotSpotFlags.get(SIZE, SMALLEST_DEFAULT_KB);
        return (kilobytes == 0 ? SMALLEST_DEFAULT_KB : kilobytes) << 10;
    }

    /**
     * Gives threads that are not started yet stacks on which their frames can be rebuilt.
     *
     * @throws NotRestorableException if the main thread, which the launcher has started, has none
     */
    static void prepare(List<ThreadRecord> threads, Thread mainThread) throws NotRestorableException {
        long usual = usualBytes();
        Safepoint.stacksHave(usual);
        for (ThreadRecord record : threads) {
            long needed = LaunchPlan.stackBytes(Safepoint.bytesToRebuild(record));
            if (record.thread() != mainThread) {
                ThreadState.widenStack(record.thread(), needed, usual);
            } else if (!Safepoint.fitsUsualStack(record)) {
                throw new NotRestorableException(
                        "cannot rebuild the stack of thread \"" + mainThread.getName() + "\": its "
                                + record.frames().length + " frames need more than the " + (usual >> 10)
                                + " KB that this JVM gives it; start the JVM with -Xss" + (needed >> 10)
                                + "k, or by 'ingot resume', which does that by itself");
            }
        }
    }
}
