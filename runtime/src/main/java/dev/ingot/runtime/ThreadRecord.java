package dev.ingot.runtime;

import org.jspecify.annotations.Nullable;

/** The saved stack of one thread. Part of the image. */
public final class ThreadRecord {
    private final Thread thread;
    private final FrameRecord[] frames;
    private final boolean interrupted;
    private final @Nullable Object waitsOn;

    ThreadRecord(Thread thread, FrameRecord[] frames, boolean interrupted, @Nullable Object waitsOn) {
        this.thread = thread;
        this.frames = frames;
        this.interrupted = interrupted;
        this.waitsOn = waitsOn;
    }

    /** The thread whose stack this is. */
    public Thread thread() {
        return thread;
    }

    /** The frames, bottom of the stack first. */
    public FrameRecord[] frames() {
        return frames.clone();
    }

    /** What the thread was doing, in the words of a thread dump, such as {@code TIMED_WAITING (sleeping)}. */
    public String state() {
        if (frames.length == 0) {
            return "RUNNABLE";
        }
        FrameRecord top = frames[frames.length - 1];
        if (top.owner() == Leaves.class) {
            return Leaves.state(top);
        }
        return top.isEntering() ? "BLOCKED (on object monitor)" : "RUNNABLE";
    }

    /** The same stack without its first {@code count} frames. */
    ThreadRecord without(int count) {
        FrameRecord[] rest = new FrameRecord[frames.length - count];
        System.arraycopy(frames, count, rest, 0, rest.length);
        return with(rest);
    }

    /** The same thread with other frames. */
    ThreadRecord with(FrameRecord[] others) {
        return new ThreadRecord(thread, others, interrupted, waitsOn);
    }

    int depth() {
        return frames.length;
    }

    FrameRecord frame(int index) {
        return frames[index];
    }

    /** Whether the thread's interrupt status was set. */
    public boolean interrupted() {
        return interrupted;
    }

    /** The object the thread waits on, whose monitor it has given up meanwhile, or {@code null}. */
    @Nullable Object waitsOn() {
        return waitsOn;
    }

    /** Makes the wait that is the top frame end on rebuild, as if spuriously: its notification may have been missed. */
    void endWait() {
        if (waitsOn != null) {
            Leaves.endWait(frames[frames.length - 1]);
        }
    }

    /** A monitor that the current thread holds and that this one is to have back at once when it is rebuilt, or {@code null}. */
    @Nullable Object monitorHeldByCurrentThread() {
        for (FrameRecord frame : frames) {
            Object monitor = frame.monitorHeldByCurrentThread(waitsOn);
            if (monitor != null) {
                return monitor;
            }
        }
        return null;
    }

    /** Whether the thread owned any monitor, or waited on one. */
    boolean ownsMonitors() {
        for (FrameRecord frame : frames) {
            if (frame.monitors().length > 0 || frame.ownMonitor() != null) {
                return true;
            }
        }
        return waitsOn != null;
    }

    boolean holds(Object monitor) {
        for (FrameRecord frame : frames) {
            for (Object held : frame.monitors()) {
                if (held == monitor) {
                    return true;
                }
            }
            if (frame.ownMonitor() == monitor) {
                return true;
            }
        }
        return false;
    }
}
