package dev.ingot.agent.observe;

import dev.ingot.runtime.Pin;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happened in this JVM so far, for management. Thread-safe. */
final class Statistics {
    private final WeavingTotals weaving;

    private long checkpoints;
    private long failures;
    private long totalPauseNanos;
    private long longestPauseNanos;
    private Measures last = Measures.NONE;
    private long lastEndMillis;
    private @Nullable String lastImage;
    private @Nullable String lastFailure;
    private List<Pin> lastPins = List.of();
    private @Nullable String resumedFrom;
    private Measures resume = Measures.NONE;

    Statistics(WeavingTotals weaving) {
        this.weaving = weaving;
    }

    synchronized void checkpointed(String image, Measures measures, long endMillis) {
        checkpoints++;
        ended(measures, endMillis);
        lastImage = image;
        lastFailure = null;
        lastPins = List.of();
    }

    synchronized void failed(String failure, List<Pin> pins, Measures measures, long endMillis) {
        failures++;
        ended(measures, endMillis);
        lastFailure = failure;
        lastPins = List.copyOf(pins);
    }

    private void ended(Measures measures, long endMillis) {
        last = measures;
        lastEndMillis = endMillis;
        totalPauseNanos += measures.pauseNanos();
        longestPauseNanos = Math.max(longestPauseNanos, measures.pauseNanos());
    }

    synchronized void resumed(String image, Measures measures) {
        resumedFrom = image;
        resume = measures;
    }

    synchronized long checkpoints() {
        return checkpoints;
    }

    synchronized long failures() {
        return failures;
    }

    synchronized long totalPauseNanos() {
        return totalPauseNanos;
    }

    synchronized long longestPauseNanos() {
        return longestPauseNanos;
    }

    synchronized Measures last() {
        return last;
    }

    synchronized long lastEndMillis() {
        return lastEndMillis;
    }

    synchronized @Nullable String lastImage() {
        return lastImage;
    }

    synchronized @Nullable String lastFailure() {
        return lastFailure;
    }

    synchronized List<Pin> lastPins() {
        return lastPins;
    }

    synchronized @Nullable String resumedFrom() {
        return resumedFrom;
    }

    synchronized Measures resume() {
        return resume;
    }

    WeavingTotals.Snapshot weaving() {
        return weaving.snapshot();
    }
}
