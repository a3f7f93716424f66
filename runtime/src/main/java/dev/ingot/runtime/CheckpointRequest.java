package dev.ingot.runtime;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The wish of one of the program's threads for a checkpoint, from its call until it is answered. Belongs to one JVM: a resumed
 * thread has none, which is how it knows that it was resumed. Thread-safe.
 */
public final class CheckpointRequest {
    private static final int UNANSWERED = -1;

    private final Thread thread;
    private final boolean suspend;
    private volatile int outcome = UNANSWERED;
    private volatile Control.@Nullable Refusal refusal;

    CheckpointRequest(Thread thread, boolean suspend) {
        this.thread = thread;
        this.suspend = suspend;
    }

    /** Whether this JVM is to end once the image is complete. */
    public boolean suspend() {
        return suspend;
    }

    /** Whether the thread knows how its request ended. */
    public boolean isAnswered() {
        return outcome != UNANSWERED;
    }

    /** Lets the thread go on: there is an image. */
    public void taken() {
        answer(Control.CHECKPOINTED);
    }

    /** Lets the thread go on: there is no image, for this reason. */
    public void refuse(String message, List<Pin> pins) {
        refusal = new Control.Refusal(message, pins);
        answer(Control.FAILED);
    }

    private void answer(int answer) {
        outcome = answer;
        LockSupport.unpark(thread);
    }

    /** @throws Control.Refusal if there is no image */
    int outcome() {
        Control.Refusal refused = refusal;
        if (refused != null) {
            refused.fillInStackTrace();
            throw refused;
        }
        return outcome;
    }
}
