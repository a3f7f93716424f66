package dev.ingot.accelerator.device;

/**
 * How many items a device computes between two safe points. A safe point costs some tens of microseconds, above all for threads that are
 * put to sleep and woken, so a step should last many times as long; but a checkpoint and a turn wait for its end. Used by one thread.
 */
final class Pace {
    private static final long SHORTEST_NANOS = 5_000_000;
    private static final long LONGEST_NANOS = 20_000_000;

    private long items = 1;

    /** The end of the step that begins at {@code first}. */
    long end(long first, long grain, long all) {
        long step = Math.max(1, items / grain) * grain;
        return all - first <= step ? all : first + step;
    }

    /** Learns how long a step took. */
    void took(long nanos, long computed) {
        if (nanos < SHORTEST_NANOS && computed >= items && items < Long.MAX_VALUE / 4) {
            items *= 2;
        } else if (nanos > LONGEST_NANOS && items > 1) {
            items /= 2;
        }
    }
}
