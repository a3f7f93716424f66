package dev.ingot.agent.observe;

import dev.ingot.core.jdk.JdkState;
import dev.ingot.runtime.Control;
import dev.ingot.runtime.Pin;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One checkpoint while it happens. Confined to the thread that takes it. */
public final class CheckpointObservation implements AutoCloseable {
    private final String trigger;
    private final boolean suspend;
    private final CheckpointEvents events;
    private final Observer observer;
    private final long beginNanos;

    private @Nullable CheckpointPhase phase;
    private long phaseBeginNanos;
    private long pauseNanos;
    private Measures measures = Measures.NONE;
    private List<Pin> pins = List.of();
    private @Nullable String image;
    private @Nullable String failure = "it was not finished";
    private boolean closed;

    CheckpointObservation(String trigger, boolean suspend, CheckpointEvents events, Observer observer) {
        this.trigger = trigger;
        this.suspend = suspend;
        this.events = events;
        this.observer = observer;
        this.beginNanos = observer.nanos();
    }

    /** The phase before ends and this one begins. */
    public void enter(CheckpointPhase next) {
        endPhase();
        phase = next;
        phaseBeginNanos = observer.nanos();
        events.phaseBegins(next.label());
    }

    private void endPhase() {
        CheckpointPhase ending = phase;
        if (ending == null) {
            return;
        }
        if (ending.isPausing() || (suspend && ending == CheckpointPhase.COMMIT)) {
            pauseNanos += observer.nanos() - phaseBeginNanos;
        }
        events.phaseEnds();
        phase = null;
    }

    /** The image is complete. */
    public void completed(String imagePath, int threads, long objects, long bytes) {
        image = imagePath;
        failure = null;
        measures = new Measures(0, threads, objects, bytes);
    }

    /** No image was taken, for this reason, with these threads in the way, if any. */
    public void failed(String reason, List<Pin> inTheWay) {
        image = null;
        failure = reason;
        measures = Measures.NONE;
        pins = List.copyOf(inTheWay);
    }

    /** How it ended, for the program's listeners; asked after the last phase that pauses the program. */
    public Control.Report report() {
        endPhase();
        int outcome = failure == null ? Control.CHECKPOINTED : Control.FAILED;
        return new Control.Report(outcome, image, pauseNanos, measures.bytes(), failure, pins);
    }

    /** Ends the last phase and publishes what was observed. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        endPhase();
        measures = measures.withPause(pauseNanos);
        for (Pin pin : pins) {
            events.pinned(pin);
        }
        events.ended(image, measures, failure);
        count();
        observer.weavingTo(events);
        observer.checkpointEnded(!suspend || failure != null);
        log();
    }

    private void count() {
        long now = System.currentTimeMillis();
        if (image != null && failure == null) {
            observer.statistics().checkpointed(image, measures, now);
        } else {
            observer.statistics().failed(String.valueOf(failure), pins, measures, now);
        }
    }

    private void log() {
        if (failure != null && !JdkState.isShuttingDown()) {
            // A program that ends needs no image; that there is none is no loss.
            observer.log()
                    .warn("checkpoint (" + trigger + ") failed, the program goes on: " + failure + Lines.of(pins));
        } else if (failure == null && observer.log().writesInfo()) {
            observer.log()
                    .info(String.format(
                            Locale.ROOT,
                            "checkpoint (%s) in %d ms, pause %d ms, %d threads, %d objects, %d bytes: %s",
                            trigger,
                            Lines.millis(observer.nanos() - beginNanos),
                            Lines.millis(pauseNanos),
                            measures.threads(),
                            measures.objects(),
                            measures.bytes(),
                            image));
        }
    }
}
