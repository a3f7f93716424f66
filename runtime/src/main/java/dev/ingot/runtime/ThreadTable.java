package dev.ingot.runtime;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Thread → slot, by identity. {@code Thread} may override {@code hashCode}, and a {@code ThreadLocal} would become part of the
 * program's own thread-local maps, so this is an open-addressing table that readers search without a lock.
 */
final class ThreadTable {
    private static final int INITIAL_CAPACITY = 64;

    private static volatile @Nullable ThreadSlot[] slots = new ThreadSlot[INITIAL_CAPACITY];

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

    private static synchronized ThreadSlot add(Thread thread) {
        ThreadSlot present = find(thread);
        if (present != null) {
            return present;
        }
        ThreadSlot slot = new ThreadSlot(thread, true);
        rebuildTable(slot);
        return slot;
    }

    /** Publishes a new table of the live threads' slots and one more; readers keep searching the old one meanwhile. */
    private static void rebuildTable(ThreadSlot added) {
        List<ThreadSlot> live = new ArrayList<>();
        for (ThreadSlot slot : slots) {
            if (slot != null && (slot.thread.isAlive() || slot.rebuilding() || slot.finished)) {
                live.add(slot);
            }
        }
        live.add(added);
        int capacity = INITIAL_CAPACITY;
        while (capacity < live.size() * 2) {
            capacity *= 2;
        }
        @Nullable ThreadSlot[] table = new ThreadSlot[capacity];
        for (ThreadSlot slot : live) {
            int i = System.identityHashCode(slot.thread) & (capacity - 1);
            while (table[i] != null) {
                i = (i + 1) & (capacity - 1);
            }
            table[i] = slot;
        }
        slots = table;
    }
}
