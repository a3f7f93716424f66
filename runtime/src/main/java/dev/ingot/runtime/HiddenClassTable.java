package dev.ingot.runtime;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of hidden classes that are not unloaded. Their names are not unique, but nearly. As a key a class would get an identity
 * hash code, and in a JVM that resumes an image it has to take the one of the image. Thread-safe.
 *
 * @param <V> what is known of each
 */
public final class HiddenClassTable<V> {
    private final Map<String, Entry<V>> byName = new HashMap<>();
    private final ReferenceQueue<Object> unloaded = new ReferenceQueue<>();

    /** What was put for {@code type}, or null. */
    public synchronized @Nullable V get(Class<?> type) {
        for (Entry<V> entry = byName.get(type.getName()); entry != null; entry = entry.next) {
            if (entry.refersTo(type)) {
                return entry.value;
            }
        }
        return null;
    }

    /** Notes what is known of {@code type}, about which nothing was known. */
    public synchronized void put(Class<?> type, V value) {
        for (Object stale = unloaded.poll(); stale != null; stale = unloaded.poll()) {
            @SuppressWarnings("unchecked")
            Entry<V> entry = (Entry<V>) stale;
            remove(entry);
        }
        byName.put(type.getName(), new Entry<>(type, value, byName.get(type.getName()), unloaded));
    }

    private void remove(Entry<V> stale) {
        Entry<V> left = null;
        for (Entry<V> entry = byName.get(stale.name); entry != null; ) {
            Entry<V> next = entry.next;
            if (entry != stale) {
                entry.next = left;
                left = entry;
            }
            entry = next;
        }
        if (left == null) {
            byName.remove(stale.name);
        } else {
            byName.put(stale.name, left);
        }
    }

    private static final class Entry<V> extends WeakReference<Object> {
        final String name;
        final V value;

        @Nullable Entry<V> next;

        Entry(Class<?> type, V value, @Nullable Entry<V> next, ReferenceQueue<Object> unloaded) {
            super(type, unloaded);
            this.name = type.getName();
            this.value = value;
            this.next = next;
        }
    }
}
