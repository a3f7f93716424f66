package dev.ingot.agent.transform;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The methods that must be woven with an entry switch, by class name: those that were found on a captured stack. Two classes
 * of one name in different loaders share an entry; an entry switch that is not needed costs little. Thread-safe.
 */
public final class ResumableMethods {
    private final Map<String, Set<String>> byClass = new HashMap<>();

    /** Adds a method; true if it was not there yet, so that all loaded classes of that name have to be woven again. */
    public synchronized boolean add(String className, String method) {
        return byClass.computeIfAbsent(className, name -> new HashSet<>()).add(method);
    }

    synchronized Set<String> of(String className) {
        return Set.copyOf(byClass.getOrDefault(className, Set.of()));
    }
}
