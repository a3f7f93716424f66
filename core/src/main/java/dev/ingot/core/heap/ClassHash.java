package dev.ingot.core.heap;

import dev.ingot.core.jvm.ClassHashes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The identity hash code that a class has in an image, of those that this JVM finds by name alone: in one of its own class loaders. A hash
 * table of the program may be built on it. The JDK itself asks the classes it deals with for their hash codes, for instance where it
 * makes method handles, so all are given before anything of an image is made.
 *
 * @param loaderKey as in {@link InitializedClass}
 */
record ClassHash(String loaderKey, String name, int hash) {
    /** Bytes that one takes at least. */
    static final int LEAST_BYTES = 3 * Integer.BYTES;

    private static final List<Class<?>> PRIMITIVES = List.of(
            boolean.class,
            byte.class,
            char.class,
            short.class,
            int.class,
            long.class,
            float.class,
            double.class,
            void.class);

    static ClassHash of(String loaderKey, Class<?> type) {
        return new ClassHash(loaderKey, type.getName(), System.identityHashCode(type));
    }

    static ClassHash read(LaneInput in) throws ImageFormatException {
        return new ClassHash(in.text(), in.text(), in.fixed());
    }

    void write(Lane out) {
        out.text(loaderKey);
        out.text(name);
        out.fixed(hash);
    }

    /**
     * Gives the classes that this JVM has their hashes.
     *
     * @return those that keep another
     */
    static List<Class<?>> giveAll(List<ClassHash> hashes) {
        List<Class<?>> classes = new ArrayList<>();
        int[] numbers = new int[hashes.size()];
        for (ClassHash each : hashes) {
            Class<?> type = find(each.loaderKey, each.name);
            if (type != null && each.hash > 0) {
                numbers[classes.size()] = each.hash;
                classes.add(type);
            }
        }
        return ClassHashes.give(classes, numbers);
    }

    /**
     * Loads a class of the loader with a key that every JVM has; null where it cannot, which is said if anything of the image needs the class,
     * and for every other key.
     */
    static @Nullable Class<?> find(String loaderKey, String name) {
        try {
            return switch (loaderKey) {
                case "boot" -> ofBootLoader(name);
                case "platform" -> Class.forName(name, false, ClassLoader.getPlatformClassLoader());
                case "app" -> Class.forName(name, false, ClassLoader.getSystemClassLoader());
                default -> null;
            };
        } catch (ClassNotFoundException | LinkageError absent) {
            return null;
        }
    }

    private static Class<?> ofBootLoader(String name) throws ClassNotFoundException {
        for (Class<?> primitive : PRIMITIVES) {
            if (primitive.getName().equals(name)) {
                return primitive;
            }
        }
        return Class.forName(name, false, null);
    }
}
