package dev.ingot.agent.observe;

import dev.ingot.runtime.Pin;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers management from the statistics. */
final class Checkpoints implements CheckpointsMXBean {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Statistics statistics;

    Checkpoints(Statistics statistics) {
        this.statistics = statistics;
    }

    @Override
    public long getCheckpointCount() {
        return statistics.checkpoints();
    }

    @Override
    public long getFailedCheckpointCount() {
        return statistics.failures();
    }

    @Override
    public @Nullable String getLastImage() {
        return statistics.lastImage();
    }

    @Override
    public long getLastImageBytes() {
        return statistics.last().bytes();
    }

    @Override
    public long getLastCheckpointTime() {
        return statistics.lastEndMillis();
    }

    @Override
    public long getLastPauseMillis() {
        return statistics.last().pauseNanos() / NANOS_PER_MILLI;
    }

    @Override
    public long getLongestPauseMillis() {
        return statistics.longestPauseNanos() / NANOS_PER_MILLI;
    }

    @Override
    public long getTotalPauseMillis() {
        return statistics.totalPauseNanos() / NANOS_PER_MILLI;
    }

    @Override
    public @Nullable String getLastFailure() {
        return statistics.lastFailure();
    }

    @Override
    public String[] getPinnedThreads() {
        List<Pin> pins = statistics.lastPins();
        var lines = new String[pins.size()];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = pins.get(i).toString();
        }
        return lines;
    }

    @Override
    public @Nullable String getResumedImage() {
        return statistics.resumedFrom();
    }

    @Override
    public long getResumeMillis() {
        return statistics.resume().pauseNanos() / NANOS_PER_MILLI;
    }

    @Override
    public long getWovenClassCount() {
        return statistics.weaving().classes();
    }

    @Override
    public long getUnwovenClassCount() {
        return statistics.weaving().failures();
    }

    @Override
    public long getWeavingMillis() {
        return statistics.weaving().nanos() / NANOS_PER_MILLI;
    }
}
