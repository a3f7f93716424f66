package dev.ingot.runtime;

import java.util.ArrayList;
import java.util.List;

/**
 * The requests that the program's threads made and the agent has not taken up yet. Thread-safe; its lock is held for a few
 * instructions only, never while anything waits for a checkpoint.
 */
public final class CheckpointRequests {
    private static final Object LOCK = new Object();
    private static List<CheckpointRequest> waiting = new ArrayList<>();

    private CheckpointRequests() {}

    static CheckpointRequest add(Thread thread, boolean suspend) {
        CheckpointRequest request = new CheckpointRequest(thread, suspend);
        synchronized (LOCK) {
            waiting.add(request);
            LOCK.notifyAll();
        }
        return request;
    }

    /** Waits until there are requests and removes them; called by the agent. */
    public static List<CheckpointRequest> take() throws InterruptedException {
        synchronized (LOCK) {
            while (waiting.isEmpty()) {
                LOCK.wait();
            }
            List<CheckpointRequest> taken = waiting;
            waiting = new ArrayList<>();
            return taken;
        }
    }

    /**
     * The requests of threads that became part of an image while they waited, whoever asked for that image; to be answered once it
     * is complete. Those who want this JVM to end are not served by an image after which it goes on.
     */
    public static List<CheckpointRequest> in(List<ThreadRecord> imaged) {
        List<CheckpointRequest> requests = new ArrayList<>();
        for (ThreadRecord record : imaged) {
            CheckpointRequest request = ThreadTable.of(record.thread()).request;
            if (request != null && !request.suspend() && Leaves.isCheckpoint(record)) {
                requests.add(request);
            }
        }
        return requests;
    }
}
