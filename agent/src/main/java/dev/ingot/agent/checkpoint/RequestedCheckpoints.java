package dev.ingot.agent.checkpoint;

import dev.ingot.core.control.ControlException;
import dev.ingot.core.control.ControlServer;
import dev.ingot.core.control.ProgressListener;
import dev.ingot.runtime.CheckpointRequest;
import dev.ingot.runtime.CheckpointRequests;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Takes the checkpoints that the program's own threads ask for, on one thread of Ingot's. */
final class RequestedCheckpoints implements Runnable {
    private static final String TRIGGER = "program";

    private final CheckpointService checkpoints;
    private final Path images;

    RequestedCheckpoints(CheckpointService checkpoints, Path images) {
        this.checkpoints = checkpoints;
        this.images = images;
    }

    @Override
    public void run() {
        try {
            while (true) {
                serve(CheckpointRequests.take());
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("Ingot's thread for the program's requests was interrupted", e);
        }
    }

    /** All wait for one image, and the JVM ends if any of them wants it to. */
    private void serve(List<CheckpointRequest> requests) {
        boolean suspend = requests.stream().anyMatch(CheckpointRequest::suspend);
        try {
            checkpoints.takeInTurn(images, suspend, TRIGGER, ProgressListener.NONE, () -> isAnyUnanswered(requests));
            if (suspend) {
                Runtime.getRuntime().halt(ControlServer.SUSPENDED_EXIT_CODE);
            }
            unanswered(requests).forEach(CheckpointRequest::taken);
        } catch (ControlException failure) {
            for (CheckpointRequest request : unanswered(requests)) {
                request.refuse(CheckpointService.reasonOf(failure), CheckpointService.pinsOf(failure));
            }
        }
    }

    private static boolean isAnyUnanswered(List<CheckpointRequest> requests) {
        return !unanswered(requests).isEmpty();
    }

    private static List<CheckpointRequest> unanswered(List<CheckpointRequest> requests) {
        List<CheckpointRequest> unanswered = new ArrayList<>();
        for (CheckpointRequest request : requests) {
            if (!request.isAnswered()) {
                unanswered.add(request);
            }
        }
        return unanswered;
    }
}
