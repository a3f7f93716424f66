package dev.ingot.agent.observe;

import dev.ingot.runtime.Control;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One resume while it happens. Confined to the thread that does it. */
public final class ResumeObservation implements AutoCloseable {
    private final String image;
    private final CheckpointEvents events;
    private final Observer observer;
    private final long beginNanos;

    private @Nullable ResumePhase phase;
    private Measures measures = Measures.NONE;
    private @Nullable String failure = "it was not finished";
    private boolean closed;

    ResumeObservation(String image, CheckpointEvents events, Observer observer) {
        this.image = image;
        this.events = events;
        this.observer = observer;
        this.beginNanos = observer.nanos();
    }

    /** The phase before ends and this one begins. */
    public void enter(ResumePhase next) {
        endPhase();
        phase = next;
        events.phaseBegins(next.label());
    }

    private void endPhase() {
        if (phase != null) {
            events.phaseEnds();
            phase = null;
        }
    }

    /** The program runs. */
    public void completed(int threads, long objects, long bytes) {
        failure = null;
        measures = new Measures(observer.nanos() - beginNanos, threads, objects, bytes);
    }

    /** The image cannot be resumed, for this reason. */
    public void failed(String reason) {
        failure = reason;
        measures = new Measures(observer.nanos() - beginNanos, 0, 0, 0);
    }

    /** How it ended, for the program's listeners. */
    public Control.Report report() {
        int outcome = failure == null ? Control.RESTORED : Control.FAILED;
        return new Control.Report(outcome, image, measures.pauseNanos(), measures.bytes(), failure, List.of());
    }

    /** Ends the last phase and publishes what was observed. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        endPhase();
        events.ended(image, measures, failure);
        if (failure == null) {
            observer.statistics().resumed(image, measures);
        }
        observer.weavingTo(events);
        log();
    }

    private void log() {
        if (failure != null) {
            observer.log().error("cannot resume " + image + ": " + failure);
        } else if (observer.log().writesInfo()) {
            observer.log()
                    .info("resumed " + image + " in " + Lines.millis(measures.pauseNanos()) + " ms, "
                            + measures.threads() + " threads, " + measures.objects() + " objects");
        }
    }
}
