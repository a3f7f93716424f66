package dev.ingot.accelerator.host;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongSupplier;

/**
 * Waits for what the other side of a pipe writes next: awake for some tens of microseconds where that has been long enough lately, asleep
 * otherwise. To wake a thread takes longer than a short command does, above all on an idle virtual processor; to stay awake is a waste
 * while the other side computes for long, and a hindrance where it needs the same processor. So a wait that was in vain is followed by more
 * and more that sleep at once, and none but short ones count. Used by one thread at a time.
 */
final class Listener {
    private static final long AWAKE_NANOS = 50_000;
    /** What takes longer has nothing to gain from a thread that is awake. */
    private static final long SHORT_NANOS = 500_000;

    private static final int LONGEST_PAUSE = 1023;

    private final InputStream in;
    private final LongSupplier clock;
    /** How many short waits follow one in vain. */
    private int pause;
    /** How many of them are left. */
    private int left;

    Listener(InputStream in) {
        this(in, System::nanoTime);
    }

    Listener(InputStream in, LongSupplier clock) {
        this.in = in;
        this.clock = clock;
    }

    /** The next byte, or -1 at the end. */
    int read() throws IOException {
        long start = clock.getAsLong();
        boolean isAwake = left == 0;
        if (isAwake && isThereBefore(start + AWAKE_NANOS)) {
            pause -= Math.min(pause, 1 + pause / 8);
            return in.read();
        }
        int read = in.read();
        boolean wasShort = clock.getAsLong() - start < SHORT_NANOS;
        if (isAwake) {
            pause = wasShort ? Math.min(LONGEST_PAUSE, 2 * pause + 1) : pause;
            left = Math.max(1, pause);
        } else if (wasShort) {
            left--;
        }
        return read;
    }

    /** What was done since the last byte took so long: if that is no short time, the next wait sleeps at once. */
    void worked(long nanos) {
        if (nanos >= SHORT_NANOS) {
            left = Math.max(1, left);
        }
    }

    private boolean isThereBefore(long end) throws IOException {
        // At the end of the pipe nothing is available, which is found out by reading.
        while (in.available() == 0) {
            if (clock.getAsLong() - end >= 0) {
                return false;
            }
            Thread.onSpinWait();
        }
        return true;
    }
}
