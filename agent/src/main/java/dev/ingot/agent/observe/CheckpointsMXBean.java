package dev.ingot.agent.observe;

import org.jspecify.annotations.Nullable;

/** The management view of Ingot in one JVM, registered as {@code dev.ingot:type=Checkpoints}. */
public interface CheckpointsMXBean {

    /** Checkpoints that led to an image. */
    long getCheckpointCount();

    /** Checkpoints that did not. */
    long getFailedCheckpointCount();

    /** Path of the newest image taken by this JVM, or {@code null}. */
    @Nullable String getLastImage();

    /** Size of the newest image in bytes. */
    long getLastImageBytes();

    /** When the latest checkpoint or attempt ended, in milliseconds since 1970; 0 if there was none. */
    long getLastCheckpointTime();

    /** How long program threads stood still in the latest checkpoint or attempt. */
    long getLastPauseMillis();

    /** The longest pause so far. */
    long getLongestPauseMillis();

    /** All pauses together. */
    long getTotalPauseMillis();

    /** Why the latest checkpoint failed, or {@code null} if it did not. */
    @Nullable String getLastFailure();

    /** The threads that made the latest checkpoint fail, one line each. */
    String[] getPinnedThreads();

    /** Path of the image that this JVM resumed, or {@code null} if it started fresh. */
    @Nullable String getResumedImage();

    /** How long that took. */
    long getResumeMillis();

    /** Classes woven so far. */
    long getWovenClassCount();

    /** Classes left as they were because weaving failed; their frames pin a thread. */
    long getUnwovenClassCount();

    /** Time spent on weaving so far. */
    long getWeavingMillis();
}
