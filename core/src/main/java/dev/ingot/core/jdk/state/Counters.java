package dev.ingot.core.jdk.state;

import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.core.jdk.lang.ThreadIds;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * Counters from which the JDK makes names, ids and seeds, so that the program's next pool is {@code pool-7} and not
 * {@code pool-1} once more. A counter never goes back.
 */
final class Counters implements StatePart {

    /** What is counted, the class and the static field; where the field moved between versions there are two of them. */
    private static final String[][] COUNTERS = {
        {"thread-name", "java.lang.Thread", "threadInitNumber"},
        {"thread-name", "java.lang.Thread$ThreadNumbering", "next"},
        {"executor", "java.util.concurrent.Executors$DefaultThreadFactory", "poolNumber"},
        {"fork-join-pool", "java.util.concurrent.ForkJoinPool", "poolIds"},
        {"timer", "java.util.Timer", "nextSerialNumber"}
    };

    /** Seeds, which have no order. */
    private static final String[][] SEEDS = {
        {"thread-local", "java.lang.ThreadLocal", "nextHashCode"},
        {"class-value", "java.lang.ClassValue", "nextHashCode"},
        {"random", "java.util.Random", "seedUniquifier"},
        {"thread-local-random", "java.util.concurrent.ThreadLocalRandom", "seeder"},
        {"thread-local-probe", "java.util.concurrent.ThreadLocalRandom", "probeGenerator"}
    };

    private static final String THREAD_ID = "thread-id";

    @Override
    public String name() {
        return "counters";
    }

    @Override
    public Object capture() {
        List<Object> pairs = new ArrayList<>();
        pairs.add(THREAD_ID);
        pairs.add(ThreadIds.next());
        for (String[][] group : List.of(COUNTERS, SEEDS)) {
            for (String[] counter : group) {
                Slot slot = JdkClass.isInitialized(counter[1]) ? slot(counter) : null;
                if (slot != null) {
                    pairs.add(counter[0]);
                    pairs.add(value(slot));
                }
            }
        }
        return pairs.toArray();
    }

    @Override
    public void restore(Object state) {
        Object[] pairs = (Object[]) state;
        for (int i = 0; i + 1 < pairs.length; i += 2) {
            long value = ((Number) pairs[i + 1]).longValue();
            if (pairs[i].equals(THREAD_ID)) {
                ThreadIds.raise(value);
            } else {
                restoreNamed(COUNTERS, pairs[i], value, true);
                restoreNamed(SEEDS, pairs[i], value, false);
            }
        }
    }

    private static void restoreNamed(String[][] counters, Object name, long value, boolean upwards) {
        for (String[] counter : counters) {
            Slot slot = counter[0].equals(name) ? slot(counter) : null;
            if (slot != null) {
                Unsafe.getUnsafe().ensureClassInitialized(JdkClass.of(counter[1]));
                set(slot, upwards ? Math.max(value, value(slot)) : value);
            }
        }
    }

    private static @Nullable Slot slot(String[] counter) {
        Class<?> holder = JdkClass.find(counter[1]);
        return holder == null ? null : Slot.find(holder, counter[2]);
    }

    private static long value(Slot slot) {
        Object value = slot.get(null);
        return value instanceof Number number ? number.longValue() : 0;
    }

    private static void set(Slot slot, long value) {
        Object holder = slot.get(null);
        if (holder instanceof AtomicInteger atomic) {
            atomic.set((int) value);
        } else if (holder instanceof AtomicLong atomic) {
            atomic.set(value);
        } else {
            slot.put(null, value);
        }
    }
}
