package dev.ingot.core.heap;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which loaders define the classes that the JVM has found through loaders of the program in which they do not lie. A loader that is being
 * restored is not asked for them again: its own code may need what is not there yet, and must not run twice.
 */
final class Resolutions {
    /** By key of the loader that was asked, then by name of the class, the key of the loader that defines it. */
    private final Map<String, Map<String, String>> definers = new HashMap<>();

    /** The key of the loader that defines what {@code loaderKey}'s loader found by this name; null if that is not known. */
    @Nullable String definerOf(String loaderKey, String className) {
        return definers.getOrDefault(loaderKey, Map.of()).get(className);
    }

    /** Writes what {@code loader} was asked for and does not define itself. */
    static void write(ClassLoader loader, List<Class<?>> known, ClassTable classes, Lane out) {
        Map<String, List<String>> byDefiner = new TreeMap<>();
        for (Class<?> type : known) {
            if (type.getClassLoader() != loader && !type.isHidden() && !type.isArray()) {
                byDefiner
                        .computeIfAbsent(classes.loaderKey(type.getClassLoader()), absent -> new ArrayList<>())
                        .add(type.getName());
            }
        }
        byDefiner.forEach((definer, names) -> {
            out.text(classes.loaderKey(loader));
            out.text(definer);
            out.number(names.size());
            names.forEach(out::text);
        });
    }

    void read(LaneInput in) throws ImageFormatException {
        while (in.hasMore()) {
            Map<String, String> known = definers.computeIfAbsent(in.text(), absent -> new HashMap<>());
            String definer = in.text();
            for (int left = in.count(Integer.BYTES); left > 0; left--) {
                known.put(in.text(), definer);
            }
        }
    }
}
