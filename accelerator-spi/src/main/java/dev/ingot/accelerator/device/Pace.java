package dev.ingot.accelerator.device;

/**
 * How many items a device computes between two safe points. A safe point costs some tens of microseconds, above all for threads that are
 * put to sleep and woken, so a step should last many times as long; but a checkpoint and a turn wait for its end. Used by one thread.
 */
final class Pace {
    private static final long SHORTEST_NANOS = 5_000_000;
    private static final long LONGEST_NANOS = 20_000_000;
    /** So many times as long as its operands are on their way a step should compute. */
    private static final long WORK_BY_TRANSFER = 4;

    private long items = 1;

    /** The end of the step that begins at {@code first}. */
    long end(long first, long grain, long all) {
        long step = Math.max(1, items / grain) * grain;
        return all - first <= step ? all : first + step;
    }

    /**
     * Learns how long a step took.
     *
     * @param transfer how much of it operands took on their way, which shorter steps would not shorten
     */
    void took(long nanos, long transfer, long computed) {
        long work = nanos - transfer;
        long least = WORK_BY_TRANSFER * transfer;
        if (work < Math.max(SHORTEST_NANOS, least) && computed >= items && items < Long.MAX_VALUE / 4) {
            items *= 2;
        } else if (work > Math.max(LONGEST_NANOS, LONGEST_NANOS / SHORTEST_NANOS * least) && items > 1) {
            items /= 2;
        }
    }
}
