package dev.ingot.runtime;

import org.jspecify.annotations.Nullable;

/**
 * Keeps threads that run on during a stop out of what monitors of captured threads guard.
 *
 * <h2>Overview</h2>
 *
 * A thread that unwinds releases its monitors, in the middle of what they guard. A thread that cannot be captured may then
 * enter one of them. It is turned back right behind the entry: it gives the monitor up by waiting on it, until the owner has
 * rebuilt its stack. The waits may take notifications that were meant for others: all are woken when they end, and whoever that
 * wakes for nothing has been woken spuriously, as {@link Object#wait} may be. While a captured thread owns the monitor, nobody else
 * can be inside to notify, so none comes late.
 *
 * <h2>Concurrency</h2>
 *
 * The thread that enters a monitor after its owner has unwound out of it sees that the owner unwinds or has a record: the
 * owner publishes both before it leaves the monitor, or before it ends the unwinding. The monitors of a thread are known at the
 * end of its unwinding, which the other one awaits. Between the end of a stop and the release no owner is missed: its record
 * is kept, first as {@link ThreadSlot#record} and then as the one being rebuilt, until every thread has its monitors back.
 *
 * <p>An owner that blocks while it unwinds, because the JVM links code for it, is not awaited: it may need what the thread
 * that enters holds.
 */
final class CapturedMonitors {
    /** Between two looks; with many threads here, the owner would hardly get the monitor if all looked often. */
    private static final long MOST_MILLIS = 16;

    private CapturedMonitors() {}

    /**
     * Returns once the current thread, which has just entered or re-entered a monitor, is in the middle of nothing that belongs
     * to a captured thread.
     *
     * @param foundOne called once if it was; the current thread does not get on then before the stop ends
     */
    static void giveBack(ThreadSlot slot, Runnable foundOne) {
        Object monitor = heldByBoth(slot);
        if (monitor == null) {
            return;
        }
        foundOne.run();
        boolean interrupted = false;
        long millis = 1;
        while (monitor != null) {
            interrupted |= waitOn(monitor, millis);
            Object next = heldByBoth(slot);
            if (next != monitor) {
                // Not before: two threads here would wake each other for as long as they wait, ahead of the owner.
                monitor.notifyAll();
            }
            monitor = next;
            millis = Math.min(MOST_MILLIS, millis * 2);
        }
        if (interrupted) {
            ForeignThread.interrupt(Thread.currentThread());
        }
    }

    @SuppressWarnings("WaitNotInLoop") // The caller loops.
    private static boolean waitOn(Object monitor, long millis) {
        try {
            monitor.wait(millis);
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    /** A monitor of the current thread that a captured one is to have back, or {@code null}. */
    private static @Nullable Object heldByBoth(ThreadSlot own) {
        for (ThreadSlot slot : ThreadTable.known()) {
            if (slot != own) {
                awaitUnwound(slot);
                ThreadRecord record = slot.recordToRebuild();
                Object monitor = record == null ? null : record.monitorHeldByCurrentThread();
                if (monitor != null) {
                    return monitor;
                }
            }
        }
        return null;
    }

    @SuppressWarnings("ThreadPriorityCheck")
    private static void awaitUnwound(ThreadSlot slot) {
        while (slot.unwinding() && ForeignThread.state(slot.thread) == Thread.State.RUNNABLE) {
            // Gives way, because a virtual thread that unwinds may need this one's carrier.
            Thread.yield();
        }
    }
}
