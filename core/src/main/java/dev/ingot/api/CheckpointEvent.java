package dev.ingot.api;

import dev.ingot.runtime.Control;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a checkpoint or a resume ended.
 *
 * @param kind what happened
 * @param image the image taken or resumed, or {@code null} if there is none
 * @param pause how long the program stood still in this JVM
 * @param bytes size of the image, 0 if there is none
 * @param failure what went wrong, or {@code null}
 * @param pins the threads that could not be captured
 */
public record CheckpointEvent(
        Kind kind,
        @Nullable Path image,
        Duration pause,
        long bytes,
        @Nullable String failure,
        List<PinnedThread> pins) {

    /** What happened. */
    public enum Kind {
        /** An image was taken and the program goes on. */
        CHECKPOINTED,
        /** This JVM resumed an image. */
        RESTORED,
        /** No image was taken and the program goes on. */
        FAILED
    }

    public CheckpointEvent {
        pins = List.copyOf(pins);
    }

    static CheckpointEvent of(Control.Report report) {
        String image = report.image();
        return new CheckpointEvent(
                kindOf(report.outcome()),
                image == null ? null : Path.of(image),
                Duration.ofNanos(report.pauseNanos()),
                report.bytes(),
                report.failure(),
                PinnedThread.of(report.pins()));
    }

    private static Kind kindOf(int outcome) {
        if (outcome == Control.CHECKPOINTED) {
            return Kind.CHECKPOINTED;
        }
        return outcome == Control.RESTORED ? Kind.RESTORED : Kind.FAILED;
    }
}
