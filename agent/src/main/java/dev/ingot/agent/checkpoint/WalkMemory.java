package dev.ingot.agent.checkpoint;

import dev.ingot.agent.log.AgentLog;
import dev.ingot.core.handover.FreeMemory;

/**
 * What a walk over the heap needs of the machine's memory besides the copy on its way to the disk, told before threads stop. Not
 * thread-safe.
 */
final class WalkMemory {
    /** The tables of a walk, and of one whose image others can go on. */
    private static final long BYTES_PER_OBJECT = 5;

    private static final long SERIES_BYTES_PER_OBJECT = 20;

    /** As long as nobody has counted. */
    private static final long BYTES_OF_AN_OBJECT = 32;

    private static final long SHARE = 2;

    private long objects;

    /** Notes how many objects the program has. */
    void walked(long counted) {
        objects = counted;
    }

    /** Whether there is room for what a series remembers. Warns where there may be too little for any image. */
    boolean allowsSeries(AgentLog log) {
        long free = FreeMemory.bytes();
        long expected = expected();
        long needed = expected * BYTES_PER_OBJECT;
        if (needed > free) {
            log.warn("an image needs about " + (needed >> 20) + " MB of memory outside the Java heap for its "
                    + expected + " objects, " + (free >> 20) + " MB are free");
        }
        return expected * SERIES_BYTES_PER_OBJECT <= free / SHARE;
    }

    /** How many objects the next walk will probably meet. */
    long expected() {
        Runtime jvm = Runtime.getRuntime();
        return objects > 0 ? objects : (jvm.totalMemory() - jvm.freeMemory()) / BYTES_OF_AN_OBJECT;
    }
}
