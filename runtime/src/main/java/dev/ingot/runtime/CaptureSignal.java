package dev.ingot.runtime;

/** Thrown by a poll or a blocking leaf to unwind a thread's stack; each woven frame it crosses saves its state. */
public final class CaptureSignal extends Error {
    private static final long serialVersionUID = 1L;

    // It has no trace and no suppressed exceptions, so nothing of one capture is left for the next.
    @SuppressWarnings("StaticAssignmentOfThrowable")
    static final CaptureSignal INSTANCE = new CaptureSignal();

    private CaptureSignal() {
        super("Ingot is capturing this thread", null, false, false);
    }
}
