package dev.ingot.scheduler.pool;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the core knows of a workload's crashes and of what its agent warned of.
 *
 * @param earlier the image it may go back to; null if there is none
 * @param earlierOutput all it had written at {@code earlier}
 * @param failures crashes in a row
 * @param wentBack whether it has gone back to an earlier image since it last ran well
 * @param wasKilled whether its last crash was a kill from outside
 * @param failedOn the node where it crashed last; null if that was overcome
 * @param failedAs as which of its alternatives it crashed last, by number; -1 if that was overcome
 * @param setbacks how often it has crashed where a slower alternative was left since it last ran well as its fastest one
 * @param warning the last one; null if there was none
 */
public record TroubleSnapshot(
        @Nullable ImageReference earlier,
        List<OutputPart> earlierOutput,
        int failures,
        boolean wentBack,
        boolean wasKilled,
        @Nullable String failedOn,
        int failedAs,
        int setbacks,
        @Nullable String warning) {
    public TroubleSnapshot {
        earlierOutput = List.copyOf(earlierOutput);
    }
}
