package dev.ingot.core.image;

/**
 * How hard to compress: harder where the disk, or whatever takes the pack, is what an image waits for. Thread-safe.
 *
 * <p>It compares the time that it took to write what was written with the share of the compressors' time that an image waits for, which is
 * less the more of them there are.
 */
final class CompressionLevel {
    static final int FASTEST = 1;
    static final int MIDDLE = 3;
    static final int HARDEST = 6;

    /** A higher level takes about so many times as long as the one before; only then the sink still is what is waited for. */
    private static final int WORTH_A_LEVEL = 3;

    /** So much is looked at before anything is changed, and half of it is forgotten at each look. */
    private static final int CHUNKS = 8;

    private final int workers;
    private int level = FASTEST;
    private int chunks;
    private long encodingNanos;
    private long writingNanos;

    /** @param workers how many compress at a time */
    CompressionLevel(int workers) {
        this.workers = workers;
    }

    /** The level for the next chunk. */
    synchronized int get() {
        return level;
    }

    /** Notes what a chunk took. */
    synchronized void took(long encoding, long writing) {
        encodingNanos += encoding;
        writingNanos += writing;
        if (++chunks == CHUNKS) {
            look();
            chunks = 0;
            encodingNanos /= 2;
            writingNanos /= 2;
        }
    }

    private void look() {
        long waitedFor = encodingNanos / workers;
        if (writingNanos > WORTH_A_LEVEL * waitedFor) {
            level = level == FASTEST ? MIDDLE : HARDEST;
        } else if (writingNanos < waitedFor) {
            level = level == HARDEST ? MIDDLE : FASTEST;
        }
    }
}
