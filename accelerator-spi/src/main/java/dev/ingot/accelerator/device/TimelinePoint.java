package dev.ingot.accelerator.device;

import java.util.Objects;

/** A value of a timeline, to wait for or to signal. */
public record TimelinePoint(Timeline timeline, long value) {
    public TimelinePoint {
        Objects.requireNonNull(timeline);
    }
}
