package dev.ingot.core.jvm;

import static dev.ingot.core.jvm.Memory.UNSAFE;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Identity hash codes in object headers: read, claimed for a number of our own, forced to a given one.
 *
 * <p>Where the hash lies in the header depends on the JDK; it is found at start by comparing known hashes with their headers
 * and proved by writing some. Where the proof fails {@link #SUPPORTED} is false and no header is ever written.
 *
 * <p>A hash that was claimed for a number of ours is <em>marked</em> by a bit beside it that the JVM does not use: it is no other
 * object's, while the JVM may give one hash to several.
 */
public final class IdentityHashes {
    private static final int MASK = 0x7fffffff;
    private static final long STATE = 7;
    private static final long UNLOCKED = 1;

    /** Where biased locking is switched on, which only JDK 17 can. */
    private static final long BIASABLE = 5;

    private static final int SHIFT = provenShift();

    /** Whether headers of this JVM can be read and written. */
    public static final boolean SUPPORTED = SHIFT > 0;

    /** A bit between age and hash that no JVM up to the newest known one uses; like the hash it goes with the object. */
    private static final long MARK = 1L << 7;

    private static final int NEWEST_KNOWN = 25;

    /** Whether hashes can be marked. */
    public static final boolean MARKS =
            SUPPORTED && SHIFT > 7 && Runtime.version().feature() <= NEWEST_KNOWN;

    /** Numbers handed out as hashes so far; every later image goes on from here, so that a number never means two objects. */
    private static final AtomicInteger HANDED_OUT = new AtomicInteger();

    private IdentityHashes() {}

    /** Result of {@link #inHeader} for an object whose header holds something else, such as a lock. */
    public static final int UNREADABLE = -1;

    /** The hash in the header of {@code object}, 0 if it has none yet, {@link #UNREADABLE} while the header is otherwise used. */
    public static int inHeader(Object object) {
        return hashOf(header(object));
    }

    /** The header of {@code object}, to be asked with {@link #hashOf} and {@link #hasMark}. */
    public static long header(Object object) {
        return UNSAFE.getLong(object, 0L);
    }

    /** {@link #inHeader} for a header that was read. */
    public static int hashOf(long header) {
        return (header & STATE) == UNLOCKED ? (int) (header >>> SHIFT) & MASK : UNREADABLE;
    }

    /** Whether a header that was read, and is not {@link #UNREADABLE}, has a marked hash. */
    public static boolean hasMark(long header) {
        return (header & MARK) != 0;
    }

    /** Whether an object has a marked hash, also while it is locked. */
    public static boolean isMarked(Object object) {
        return MARKS && (LockedHeaders.header(object) & MARK) != 0;
    }

    /** Makes {@code hash} the identity hash code of an object that has none; false if it has got one or is locked. */
    public static boolean claim(Object object, int hash) {
        return inHeader(object) == 0 && write(object, hash, 0);
    }

    /** The same for a number that was never a hash before; marks it. */
    public static boolean claimMarked(Object object, int hash) {
        return inHeader(object) == 0 && write(object, hash, MARK);
    }

    /** Makes sure that the identity hash code of {@code object} is {@code hash}; false if it is another one already. */
    public static boolean ensure(Object object, int hash) {
        return (SUPPORTED && write(object, hash, 0)) || System.identityHashCode(object) == hash;
    }

    /**
     * Makes {@code hash} the identity hash code of an object whatever it has been; false while the object is locked. The caller answers for
     * every hash table that the object is in.
     */
    static boolean replace(Object object, int hash) {
        long header = UNSAFE.getLong(object, 0L);
        return SUPPORTED
                && (header & STATE) == UNLOCKED
                && UNSAFE.compareAndSetLong(
                        object, 0L, header, (header & ~((long) MASK << SHIFT | MARK)) | ((long) hash << SHIFT));
    }

    /**
     * The same for an object that was only just allocated and that no other thread has seen: nobody locks it, so no compare-and-set is
     * needed. A collection in between only moves it, and ages it in the header that is overwritten.
     *
     * @param marked whether no other object has or will have the hash
     */
    public static boolean give(Object fresh, int hash, boolean marked) {
        if (SUPPORTED) {
            long header = UNSAFE.getLong(fresh, 0L);
            if ((header & STATE) == UNLOCKED && (header & (long) MASK << SHIFT) == 0) {
                UNSAFE.putLong(fresh, 0L, header | (long) hash << SHIFT | (marked && MARKS ? MARK : 0));
                return true;
            }
        }
        return ensure(fresh, hash);
    }

    /** The highest number handed out as a hash in this JVM or in the one whose image it resumed. */
    public static int handedOut() {
        return HANDED_OUT.get();
    }

    /** Notes that numbers up to {@code number} are in use. */
    public static void handOutUpTo(int number) {
        HANDED_OUT.accumulateAndGet(number, Math::max);
    }

    private static int provenShift() {
        int shift = findShift();
        return shift > 0 && canWrite(shift) ? shift : 0;
    }

    private static int findShift() {
        long candidates = -1L;
        for (int probe = 0; probe < 8; probe++) {
            Object object = new Object();
            int hash = System.identityHashCode(object);
            long header = UNSAFE.getLong(object, 0L);
            for (int shift = 3; shift <= Long.SIZE - 31; shift++) {
                if (((int) (header >>> shift) & MASK) != hash) {
                    candidates &= ~(1L << shift);
                }
            }
        }
        candidates &= (1L << (Long.SIZE - 30)) - 8;
        return Long.bitCount(candidates) == 1 ? Long.numberOfTrailingZeros(candidates) : 0;
    }

    private static boolean canWrite(int shift) {
        for (int hash : new int[] {1, 0x2aaaaaaa, 0x55555555, MASK}) {
            Object object = new int[] {hash};
            if (!write(object, hash, 0, shift) || System.identityHashCode(object) != hash) {
                return false;
            }
        }
        return true;
    }

    private static boolean write(Object object, int hash, long mark) {
        return write(object, hash, mark, SHIFT);
    }

    /** Sets the hash of an object that has none. */
    private static boolean write(Object object, int hash, long mark, int shift) {
        long bits = (long) MASK << shift;
        long header = UNSAFE.getLong(object, 0L);
        if ((header & STATE) == BIASABLE) {
            // It has no hash: giving it one, to be overwritten, makes the JVM put the header into its plain form.
            int unused = System.identityHashCode(object);
            header = UNSAFE.getLong(object, 0L);
        } else if ((header & bits) != 0) {
            return false;
        }
        return (header & STATE) == UNLOCKED
                && UNSAFE.compareAndSetLong(object, 0L, header, (header & ~bits) | ((long) hash << shift) | mark);
    }
}
