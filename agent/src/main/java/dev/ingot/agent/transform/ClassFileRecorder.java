package dev.ingot.agent.transform;

import dev.ingot.runtime.OtherAgents;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the class files that a fresh JVM could not find again: those of the program's own class loaders, and those that
 * were generated. Kept as long as the loader lives. Thread-safe.
 */
public final class ClassFileRecorder {
    private final Map<LoaderKey, Map<String, byte[]>> byLoader = new ConcurrentHashMap<>();
    private final ReferenceQueue<ClassLoader> unloaded = new ReferenceQueue<>();

    /** A loader by identity; {@code ClassLoader.hashCode} may be the program's. */
    private static final class LoaderKey extends WeakReference<ClassLoader> {
        private final int hash;

        LoaderKey(ClassLoader loader, @Nullable ReferenceQueue<ClassLoader> queue) {
            super(loader, queue);
            this.hash = System.identityHashCode(loader);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other || (other instanceof LoaderKey key && key.get() == get() && get() != null);
        }
    }

    /** Sees a class file as it was given to the JVM. */
    void offer(ClassLoader loader, String className, @Nullable ProtectionDomain domain, byte[] classFile) {
        if (loader == ClassLoader.getSystemClassLoader()
                && isOnClassPath(domain)
                && (isOfOtherAgent(domain) || DefiningCode.isOf(loader))) {
            return;
        }
        forgetUnloaded();
        byLoader.computeIfAbsent(new LoaderKey(loader, unloaded), key -> new ConcurrentHashMap<>())
                .put(className, classFile);
    }

    /** Another agent puts its helpers into the program's loader again when it starts in the fresh JVM. */
    private static boolean isOfOtherAgent(@Nullable ProtectionDomain domain) {
        return domain != null && OtherAgents.own(domain.getClassLoader());
    }

    private static boolean isOnClassPath(@Nullable ProtectionDomain domain) {
        CodeSource source = domain == null ? null : domain.getCodeSource();
        return source != null && source.getLocation() != null;
    }

    /** The class file of a class, or {@code null} if the fresh JVM finds it by name. */
    public byte @Nullable [] find(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        if (loader == null) {
            return null;
        }
        return byLoader.getOrDefault(new LoaderKey(loader, null), new HashMap<>())
                .get(type.getName());
    }

    private void forgetUnloaded() {
        for (Object key = unloaded.poll(); key != null; key = unloaded.poll()) {
            byLoader.remove(key);
        }
    }
}
