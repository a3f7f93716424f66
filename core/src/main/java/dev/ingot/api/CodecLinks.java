package dev.ingot.api;

import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.BiFunction;

/**
 * Finds the program's codecs for the agent, which calls this by name: it sees its own copy of this package, not the program's,
 * and both see the types of the JDK.
 */
final class CodecLinks {

    private CodecLinks() {}

    /**
     * The codecs that a class loader provides, by class.
     *
     * @throws IllegalStateException if two are for the same class
     */
    static Map<Class<?>, BiFunction<Boolean, Object, Object>> find(ClassLoader loader) {
        var links = new HashMap<Class<?>, BiFunction<Boolean, Object, Object>>();
        for (CodecProvider provider : ServiceLoader.load(CodecProvider.class, loader)) {
            for (Codec<?> codec : provider.codecs()) {
                if (links.put(codec.type(), new CodecLink<>(codec)) != null) {
                    throw new IllegalStateException(
                            "two codecs are provided for " + codec.type().getName() + "; keep one of them");
                }
            }
        }
        return links;
    }
}
