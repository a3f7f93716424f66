package dev.ingot.agent.transform;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The classes whose static state comes from an image: their initialisers must not run again. Empty in a program that was not
 * resumed. Thread-safe.
 */
public final class InitializedClasses {

    private record OfLoader(@Nullable ClassLoader loader, Set<String> names) {}

    private final List<OfLoader> loaders = new ArrayList<>();

    /** Adds a class about to be loaded by {@code loader}. */
    public synchronized void add(@Nullable ClassLoader loader, String className) {
        for (OfLoader entry : loaders) {
            if (entry.loader == loader) {
                entry.names.add(className);
                return;
            }
        }
        loaders.add(new OfLoader(loader, new HashSet<>(Set.of(className))));
    }

    synchronized boolean contains(@Nullable ClassLoader loader, String className) {
        for (OfLoader entry : loaders) {
            if (entry.loader == loader) {
                return entry.names.contains(className);
            }
        }
        return false;
    }
}
