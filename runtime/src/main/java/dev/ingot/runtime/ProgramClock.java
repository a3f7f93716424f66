package dev.ingot.runtime;

import java.util.concurrent.TimeUnit;

/** The program's {@code System.nanoTime}, which goes on in a resumed program from where it stopped. */
public final class ProgramClock {
    private static long offset;

    private ProgramClock() {}

    /** As {@link System#nanoTime()}, plus what the program's earlier lives took. */
    public static long nanoTime() {
        return System.nanoTime() + offset;
    }

    /**
     * How long it is until a time of the day, in nanoseconds; not positive if that is over.
     *
     * @param deadline by {@link System#currentTimeMillis()}
     */
    public static long nanosUntil(long deadline) {
        return TimeUnit.MILLISECONDS.toNanos(deadline - System.currentTimeMillis());
    }

    /** Makes {@link #nanoTime()} go on from {@code nanos}. Called before any thread of the program runs. */
    public static void continueFrom(long nanos) {
        offset = nanos - System.nanoTime();
    }
}
