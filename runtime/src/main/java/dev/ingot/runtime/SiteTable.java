package dev.ingot.runtime;

import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sites of all woven classes. Keyed by loader identity and class name because a class is woven before its {@code Class}
 * exists; hidden classes, whose names are not unique, are told apart by their {@code Class}.
 *
 * <p>Thread-safe. Never calls {@code hashCode} or {@code equals} of a class loader, which are program code.
 */
public final class SiteTable {
    private static final Object LOCK = new Object();
    private static final Map<String, ClassSites> BOOT = new HashMap<>();
    private static final WeakIdentityTable<Map<String, ClassSites>> BY_LOADER = new WeakIdentityTable<>();
    private static final HiddenClassTable<ClassSites> HIDDEN = new HiddenClassTable<>();

    /** Guarded by {@link #LOCK}. */
    private static boolean framesStand;

    private SiteTable() {}

    /** Remembers the sites of a class about to be defined or just retransformed. */
    public static void put(@Nullable ClassLoader loader, String className, ClassSites sites) {
        synchronized (LOCK) {
            Map<String, ClassSites> classes = ofLoader(loader);
            ClassSites replaced = classes.get(className);
            if (replaced != null && (framesStand || replaced.mayBeOld())) {
                classes.put(className, sites.before(replaced));
            } else {
                classes.put(className, sites);
            }
        }
    }

    /** Says whether a class that is retransformed from now on may have frames, which then go on in the version they are in. */
    public static void framesStand(boolean stand) {
        synchronized (LOCK) {
            framesStand = stand;
        }
    }

    /** Remembers the sites of a hidden class. */
    public static void putHidden(Class<?> type, ClassSites sites) {
        HIDDEN.put(type, sites);
    }

    /** Whether {@code type} was woven. */
    public static boolean knows(Class<?> type) {
        return find(type) != null;
    }

    static @Nullable ClassSites find(Class<?> type) {
        if (type.isHidden()) {
            return HIDDEN.get(type);
        }
        synchronized (LOCK) {
            return ofLoader(type.getClassLoader()).get(type.getName());
        }
    }

    private static Map<String, ClassSites> ofLoader(@Nullable ClassLoader loader) {
        if (loader == null) {
            return BOOT;
        }
        Map<String, ClassSites> classes = BY_LOADER.get(loader);
        if (classes == null) {
            classes = new HashMap<>();
            BY_LOADER.put(loader, classes);
        }
        return classes;
    }

    /** An identity map with weak keys; callers hold {@link #LOCK}. */
    private static final class WeakIdentityTable<V> {
        private static final int INITIAL_CAPACITY = 16;

        private final Map<Integer, Entry<V>> buckets = new HashMap<>(INITIAL_CAPACITY);

        @Nullable V get(Object key) {
            for (Entry<V> entry = buckets.get(System.identityHashCode(key)); entry != null; entry = entry.next) {
                if (entry.refersTo(key)) {
                    return entry.value;
                }
            }
            return null;
        }

        void put(Object key, V value) {
            Integer hash = System.identityHashCode(key);
            Entry<V> live = null;
            for (Entry<V> entry = buckets.get(hash); entry != null; entry = entry.next) {
                if (!entry.refersTo(key) && !entry.refersTo(null)) {
                    live = new Entry<>(entry.get(), entry.value, live);
                }
            }
            buckets.put(hash, new Entry<>(key, value, live));
        }

        private static final class Entry<V> extends WeakReference<@Nullable Object> {
            final V value;
            final @Nullable Entry<V> next;

            Entry(@Nullable Object key, V value, @Nullable Entry<V> next) {
                super(key);
                this.value = value;
                this.next = next;
            }
        }
    }
}
