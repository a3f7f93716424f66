package dev.ingot.scheduler.pool;

import org.jspecify.annotations.Nullable;

/**
 * What a node says about one epoch of one workload. It is a state, not an event: saying it twice, or an older one late, changes
 * nothing.
 *
 * @param image the newest complete one of this epoch; null if there is none yet
 * @param exitCode of the process where it has exited, or one of the constants of this class, else 0
 * @param output bytes written in this epoch, where it has ended
 * @param refusedAttempt the newest {@link Order#attempt() attempt} to suspend it that failed; 0 if none has
 * @param problem why that, or the start, failed; null if nothing did
 * @param warning what the agent in the process warned of last; null if of nothing
 */
public record Report(
        String workload,
        long epoch,
        Phase phase,
        @Nullable ImageReference image,
        int exitCode,
        long output,
        long refusedAttempt,
        @Nullable String problem,
        @Nullable String warning) {
    /** Stands for the exit code of a process that could not be started. */
    public static final int NOT_STARTED = -1;
    /** Stands for the exit code of a process that could not go on from its image. */
    public static final int NOT_RESUMED = -2;
    /** Stands for the exit code of a process that the JVM ended because its heap was full. */
    public static final int OUT_OF_MEMORY = -3;
}
