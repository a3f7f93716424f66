package dev.ingot.runtime;

import java.util.ArrayList;
import java.util.List;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * Thread → slot, by identity. {@code Thread} may override {@code hashCode}, and a {@code ThreadLocal} would become part of the
 * program's own thread-local maps, so this is an open-addressing table that readers search without a lock.
 */
final class ThreadTable {
    private static final int INITIAL_CAPACITY = 64;

    private static volatile @Nullable ThreadSlot[] slots = new ThreadSlot[INITIAL_CAPACITY];
    /** Number of slots in the table, those of threads that have ended since among them. */
    private static int used;

    private ThreadTable() {}

    static @Nullable ThreadSlot find(Thread thread) {
        @Nullable ThreadSlot[] table = slots;
        int mask = table.length - 1;
        for (int i = System.identityHashCode(thread) & mask; ; i = (i + 1) & mask) {
            ThreadSlot slot = table[i];
            if (slot == null) {
                return null;
            }
            if (slot.thread == thread) {
                return slot;
            }
        }
    }

    static ThreadSlot of(Thread thread) {
        ThreadSlot slot = find(thread);
        if (slot != null) {
            return slot;
        }
        return ManagedThreads.manages(thread) ? add(thread) : ThreadSlot.UNMANAGED;
    }

    /** All slots; those added or removed meanwhile may be there or not. */
    static List<ThreadSlot> known() {
        List<ThreadSlot> known = new ArrayList<>();
        for (ThreadSlot slot : slots) {
            if (slot != null) {
                known.add(slot);
            }
        }
        return known;
    }

    private static synchronized ThreadSlot add(Thread thread) {
        ThreadSlot present = find(thread);
        if (present != null) {
            return present;
        }
        ThreadSlot slot = new ThreadSlot(thread, true);
        if ((used + 1) * 2 <= slots.length) {
            put(slots, slot);
            used++;
        } else {
            List<ThreadSlot> live = live();
            live.add(slot);
            publish(live);
        }
        return slot;
    }

    /** Forgets the slots of threads that turned out not to be the program's; no request may be under way. */
    static synchronized void remove(List<Thread> threads) {
        List<ThreadSlot> live = live();
        for (Thread thread : threads) {
            live.remove(find(thread));
        }
        publish(live);
    }

    private static List<ThreadSlot> live() {
        List<ThreadSlot> live = new ArrayList<>();
        for (ThreadSlot slot : slots) {
            if (slot != null && (slot.thread.isAlive() || slot.rebuilding() || slot.finished)) {
                live.add(slot);
            }
        }
        return live;
    }

    /** Publishes a new table, half of whose room is left for more; readers keep searching the old one meanwhile. */
    private static void publish(List<ThreadSlot> live) {
        int capacity = INITIAL_CAPACITY;
        while (capacity < live.size() * 4) {
            capacity *= 2;
        }
        @Nullable ThreadSlot[] table = new ThreadSlot[capacity];
        for (ThreadSlot slot : live) {
            put(table, slot);
        }
        used = live.size();
        slots = table;
    }

    private static void put(@Nullable ThreadSlot[] table, ThreadSlot slot) {
        int mask = table.length - 1;
        int i = System.identityHashCode(slot.thread) & mask;
        while (table[i] != null) {
            i = (i + 1) & mask;
        }
        // Whoever finds the slot finds it complete: what is read of it is read through this reference.
        Unsafe.getUnsafe().storeFence();
        table[i] = slot;
    }
}
