package dev.ingot.core.jvm;

import static dev.ingot.core.jvm.Memory.UNSAFE;

/**
 * What the header of an object would be if nobody held its monitor. Where a lock leaves it depends on the JVM and on the lock; each
 * way is tried out before it is trusted.
 */
final class LockedHeaders {
    private static final long STATE = 3;
    private static final long LIGHT = 0;
    private static final long UNLOCKED = 1;
    private static final long HEAVY = 2;

    /** How many collections an object has outlived: one may come at any time. */
    private static final long AGE = 15L << 3;

    private static final int MOST_ROUNDS = 1_000_000;

    private static final Place LIGHT_PLACE = lightPlace();
    private static final Place HEAVY_PLACE = heavyPlace();

    /** Where the header of an object is while it is locked. */
    private enum Place {
        /** Where it always is, but for the lowest bits. */
        HEADER,
        /** In the first word of the lock, whose address is there. */
        LOCK,
        UNKNOWN
    }

    private LockedHeaders() {}

    /**
     * The header.
     *
     * @throws IllegalStateException if it cannot be had on this JVM, or not for as long as the object is locked as it is
     */
    static long header(Object object) {
        for (int round = 0; round < MOST_ROUNDS; round++) {
            long header = UNSAFE.getLong(object, 0L);
            Place place = place(header);
            if (place == Place.HEADER) {
                return header;
            }
            if (place == Place.LOCK) {
                // The lock is there for as long as the header says so: none is freed before all threads came to a safe
                // point.
                long kept = UNSAFE.getLong(header & ~STATE);
                if (UNSAFE.getLong(object, 0L) == header) {
                    return kept;
                }
            }
            Thread.onSpinWait();
        }
        throw new IllegalStateException("the header of a locked object cannot be read; try again later");
    }

    private static Place place(long header) {
        long state = header & STATE;
        if (state == UNLOCKED) {
            return Place.HEADER;
        }
        // It is 0 for the moment in which a light lock is made a heavy one.
        return header == 0
                ? Place.UNKNOWN
                : state == LIGHT ? LIGHT_PLACE : state == HEAVY ? HEAVY_PLACE : Place.UNKNOWN;
    }

    private static Place lightPlace() {
        Object probe = new Object();
        long before = hashed(probe);
        synchronized (probe) {
            return placeOf(before, UNSAFE.getLong(probe, 0L), LIGHT);
        }
    }

    @SuppressWarnings("WaitNotInLoop") // Nothing is waited for: a wait makes the lock a heavy one.
    private static Place heavyPlace() {
        Object probe = new Object();
        long before = hashed(probe);
        boolean interrupted = Thread.interrupted();
        synchronized (probe) {
            try {
                probe.wait(0, 1);
            } catch (InterruptedException e) {
                interrupted = true;
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            return placeOf(before, UNSAFE.getLong(probe, 0L), HEAVY);
        }
    }

    private static long hashed(Object probe) {
        int unused = System.identityHashCode(probe);
        return UNSAFE.getLong(probe, 0L);
    }

    private static Place placeOf(long before, long locked, long state) {
        if ((locked & STATE) != state) {
            return Place.UNKNOWN;
        }
        if (isSame(before, locked)) {
            return Place.HEADER;
        }
        // All known JVMs have an address there if they do not have the header.
        return isSame(before, UNSAFE.getLong(locked & ~STATE)) ? Place.LOCK : Place.UNKNOWN;
    }

    /** Whether two headers are those of one object, but for what locks and collections change in it. */
    static boolean isSame(long header, long other) {
        return ((header ^ other) & ~(STATE | AGE)) == 0;
    }
}
