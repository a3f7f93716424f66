package dev.ingot.core.jdk.lang;

import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.runtime.OtherAgents;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The map of a thread's locals as key, value, key, value …
 *
 * <p>Locals that free native memory when their thread ends are left out: they cache buffers of the JDK, which makes new ones.
 * So is what other agents keep for the thread that they started in.
 */
final class ThreadLocals {
    private static final Class<?> MAP = JdkClass.of("java.lang.ThreadLocal$ThreadLocalMap");
    private static final Class<?> TERMINATING = JdkClass.of("jdk.internal.misc.TerminatingThreadLocal");
    private static final Class<?> SUPPLIED = JdkClass.of("java.lang.ThreadLocal$SuppliedThreadLocal");
    private static final Slot SUPPLIER = Slot.of(SUPPLIED, "supplier");
    private static final Slot TABLE = Slot.of(MAP, "table");
    private static final Slot VALUE = Slot.of("java.lang.ThreadLocal$ThreadLocalMap$Entry", "value");
    private static final HiddenMethod NEW_MAP = HiddenMethod.constructor(MAP, ThreadLocal.class, Object.class);
    private static final HiddenMethod SET = HiddenMethod.of(MAP, "set", ThreadLocal.class, Object.class);

    private ThreadLocals() {}

    static @Nullable Object @Nullable [] pairs(@Nullable Object map) {
        if (map == null) {
            return null;
        }
        List<@Nullable Object> pairs = new ArrayList<>();
        Object[] table = TABLE.get(map, Object[].class);
        if (table != null) {
            for (Object entry : table) {
                addPair(pairs, (Reference<?>) entry);
            }
        }
        return pairs.toArray();
    }

    /** What a channel writes several buffers at once by, which the JDK frees in another way than its other caches. */
    private static boolean isCache(@Nullable Object value) {
        return value != null && value.getClass().getName().equals("sun.nio.ch.IOVecWrapper");
    }

    /** A map of the pairs, null where there are none. The hash codes of the keys must be set already. */
    static @Nullable Object map(@Nullable Object @Nullable [] pairs) {
        return pairs == null ? null : add(null, pairs);
    }

    /**
     * Adds the pairs to {@code map}, or to a new map if it is null, and returns it. A key that is no thread local here is a
     * field of the JDK that was one in the version of the image; what the JDK keeps by it is a cache.
     */
    static @Nullable Object add(@Nullable Object map, @Nullable Object[] pairs) {
        Object filled = map;
        for (int i = 0; i + 1 < pairs.length; i += 2) {
            if (!(pairs[i] instanceof ThreadLocal)) {
                continue;
            }
            if (filled == null) {
                filled = NEW_MAP.make(pairs[i], pairs[i + 1]);
            } else {
                SET.call(filled, pairs[i], pairs[i + 1]);
            }
        }
        return filled;
    }

    private static void addPair(List<@Nullable Object> pairs, @Nullable Reference<?> entry) {
        Object key = entry == null ? null : entry.get();
        if (key == null || isRecreated(key.getClass())) {
            return;
        }
        Object value = VALUE.get(entry);
        if (isOfOtherAgent(key) || isOfOtherAgent(value) || isCache(value)) {
            return;
        }
        pairs.add(key);
        pairs.add(value);
    }

    private static boolean isOfOtherAgent(@Nullable Object object) {
        Object maker = SUPPLIED.isInstance(object) ? SUPPLIER.get(object) : object;
        return maker != null && OtherAgents.own(maker.getClass());
    }

    private static boolean isRecreated(Class<?> key) {
        return TERMINATING.isAssignableFrom(key) || key.getEnclosingClass() == TERMINATING;
    }
}
