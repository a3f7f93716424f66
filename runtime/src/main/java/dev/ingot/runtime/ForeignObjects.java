package dev.ingot.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * What {@code java.lang.foreign} makes and then forgets, or may forget, although an image needs it. The JDK's code is woven to
 * call this. Thread-safe.
 */
public final class ForeignObjects {
    private static final List<Object> GLOBAL = new ArrayList<>();
    private static final List<Object> KEPT = new ArrayList<>();

    private static final Map<Object, Long> SHIFTS = new WeakHashMap<>();

    private ForeignObjects() {}

    /** Notes what the global arena would do to release something it will never release, memory above all. */
    public static void addGlobal(Object release) {
        synchronized (GLOBAL) {
            GLOBAL.add(release);
        }
    }

    /** What {@link #addGlobal} has noted so far. */
    public static List<Object> global() {
        synchronized (GLOBAL) {
            return new ArrayList<>(GLOBAL);
        }
    }

    /**
     * Keeps the value of a cache, which the JDK keeps softly, for good: there is one for each form of calls, and nothing else
     * remembers what it was made of.
     *
     * @return the value
     */
    public static Object keep(Object value) {
        synchronized (KEPT) {
            KEPT.add(value);
        }
        return value;
    }

    /** Notes that what {@code release} frees begins so many bytes before what is used of it. */
    public static void shift(Object release, long bytes) {
        synchronized (SHIFTS) {
            SHIFTS.put(release, bytes);
        }
    }

    /** What {@link #shift} has noted; zero where it has not. */
    public static long shiftOf(Object release) {
        synchronized (SHIFTS) {
            Long bytes = SHIFTS.get(release);
            return bytes == null ? 0 : bytes;
        }
    }
}
