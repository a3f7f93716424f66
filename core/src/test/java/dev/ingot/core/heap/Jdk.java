package dev.ingot.core.heap;

import java.util.ArrayList;
import java.util.List;

/** Classes of the JDK that are surely loaded; an agent would ask for all. */
final class Jdk {
    private static final List<String> NAMES = List.of(
            "java.lang.Boolean",
            "java.lang.Integer$IntegerCache",
            "java.lang.Long$LongCache",
            "java.lang.Short$ShortCache",
            "java.lang.Byte$ByteCache",
            "java.lang.Character$CharacterCache",
            "java.lang.Object",
            "java.lang.Throwable",
            "java.util.ArrayList",
            "java.util.Collections",
            "java.util.Collections$EmptyList",
            "java.util.ImmutableCollections",
            "java.util.IdentityHashMap",
            "java.util.WeakHashMap",
            "java.util.Locale",
            "java.util.concurrent.TimeUnit",
            "java.nio.charset.StandardCharsets",
            "sun.nio.cs.UTF_8",
            "java.lang.Runtime");

    private Jdk() {}

    static Class<?>[] loadedClasses() {
        List<Class<?>> classes = new ArrayList<>();
        for (String name : NAMES) {
            try {
                classes.add(Class.forName(name));
            } catch (ClassNotFoundException e) {
                throw new AssertionError(e);
            }
        }
        return classes.toArray(Class<?>[]::new);
    }
}
