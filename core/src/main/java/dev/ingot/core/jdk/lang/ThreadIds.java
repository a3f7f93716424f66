package dev.ingot.core.jdk.lang;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.Slot;
import java.util.IdentityHashMap;
import java.util.Map;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * Thread ids across JVMs. Programs may hold an id, as {@code ReentrantReadWriteLock} does, so a restored thread keeps its
 * own; but a JVM from version 24 on tells the owners of monitors apart by the id a thread was started with, so no two live
 * threads may be started with the same. A restored thread whose id is taken is started with a new one and shows its own
 * from {@link #settle} on.
 */
public final class ThreadIds {
    private static final HiddenMethod LIVE_THREADS = HiddenMethod.of(Thread.class, "getThreads");
    private static final @Nullable Slot NEXT = Slot.find(Thread.class, "threadSeqNumber");
    private static final @Nullable HiddenMethod COUNTER = HiddenMethod.find(Thread.class, "getNextThreadIdOffset");

    private static final Map<Thread, Long> postponed = new IdentityHashMap<>();

    /** Passing ids lie where neither this JVM nor the one of the image counts. */
    private static long nextPassing = 1L << 40;

    private static final long ASIDE = 1L << 41;

    private ThreadIds() {}

    /** Shows the id of the image on a restored thread that had to be started with another one; otherwise does nothing. */
    public static void settle(Thread started) {
        Long id;
        synchronized (postponed) {
            id = postponed.remove(started);
        }
        if (id != null) {
            ThreadFields.ID.put(started, id);
        }
    }

    /** The id the next new thread gets. */
    public static long next() {
        return NEXT == null ? Unsafe.getUnsafe().getLong(counterAddress()) : NEXT.getLong(null) + 1;
    }

    /**
     * Has threads that this JVM starts from now on, until {@link #raise} is called for a program that was restored, have ids that
     * no thread of an image has. Before JDK 24, where ids are but names, without effect.
     */
    public static void stepAside() {
        if (NEXT == null) {
            Unsafe.getUnsafe().putLongVolatile(null, counterAddress(), ASIDE);
        }
    }

    /** Lets no new thread have an id below {@code floor}. */
    @SuppressWarnings("LockOnNonEnclosingClassLiteral") // the lock under which this JDK counts
    public static void raise(long floor) {
        if (NEXT == null) {
            Unsafe unsafe = Unsafe.getUnsafe();
            long address = counterAddress();
            long now = unsafe.getLong(address);
            while ((now < floor || now >= ASIDE) && !unsafe.compareAndSetLong(null, address, now, floor)) {
                now = unsafe.getLong(address);
            }
        } else {
            synchronized (Thread.class) {
                NEXT.put(null, Math.max(NEXT.getLong(null), floor - 1));
            }
        }
    }

    /** Gives a thread that is not started yet the id it had in the image, now or, if that id is taken, in {@link #settle}. */
    static void assign(Thread restored, long id, boolean toBeStarted) {
        if (toBeStarted && isTaken(id)) {
            postpone(restored, id);
        } else {
            ThreadFields.ID.put(restored, id);
        }
    }

    /**
     * Gives a virtual thread the id it had in the image, by which it is hashed.
     *
     * @throws NotRestorableException if another thread of this JVM has it
     */
    static void keep(Thread restored, long id, boolean toBeStarted) throws NotRestorableException {
        if (toBeStarted && isTaken(id)) {
            throw new NotRestorableException(
                    "cannot restore virtual thread " + ThreadFields.NAME.get(restored) + ": its id " + id
                            + " is that of another thread of this JVM; resume with the options of the JVM of the image");
        }
        ThreadFields.ID.put(restored, id);
    }

    private static void postpone(Thread restored, long id) {
        synchronized (postponed) {
            ThreadFields.ID.put(restored, nextPassing++);
            postponed.put(restored, id);
        }
    }

    private static boolean isTaken(long id) {
        Thread[] live = (Thread[]) LIVE_THREADS.call(null);
        if (live != null) {
            for (Thread thread : live) {
                if (ThreadFields.ID.getLong(thread) == id) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Where a JVM from version 19 on keeps its counter: outside the heap. */
    private static long counterAddress() {
        Object address = COUNTER == null ? null : COUNTER.call(null);
        if (address instanceof Long number) {
            return number;
        }
        throw new IllegalStateException("cannot find the counter of thread ids in JDK " + Runtime.version());
    }
}
