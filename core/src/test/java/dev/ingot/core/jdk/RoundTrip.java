package dev.ingot.core.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.heap.ObjectResolver;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;

/** Sends single objects through their resolver or codec inside one JVM, as the heap engine does through an image. */
public final class RoundTrip {

    private RoundTrip() {}

    /** What the resolver of {@code object}'s class makes of its description. */
    @SuppressWarnings("unchecked") // the resolver has accepted the class
    public static <T> T resolved(T object) throws NotCapturableException, NotRestorableException {
        ObjectResolver<T> resolver = (ObjectResolver<T>) JdkCodecs.resolvers().stream()
                .filter(candidate -> candidate.accepts(object.getClass()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no resolver for " + object.getClass()));
        Object[] description = resolver.describe(object);
        for (Object part : description) {
            assertThat(isLeaf(part)).as("leaf data: " + part).isTrue();
        }
        return resolver.resolve(object.getClass(), description);
    }

    /** A copy of {@code object} of which the codec made its part; everything it refers to is shared with the original. */
    public static <T> T restored(T object) throws NotCapturableException, NotRestorableException {
        return restored(object, captured(object));
    }

    /** The state the codec of {@code object}'s class names. */
    public static <T> Object[] captured(T object) throws NotCapturableException {
        return codec(object).capture(object);
    }

    /** An object of the class of {@code pattern} restored from {@code state}. */
    @SuppressWarnings("unchecked") // the class of a T
    public static <T> T restored(T pattern, Object[] state) throws NotRestorableException {
        ObjectCodec<T> codec = codec(pattern);
        T copy = (T) JdkClass.allocate(pattern.getClass());
        Class<?> owned = codec.stateOf() == null ? pattern.getClass() : codec.stateOf();
        for (Class<?> type = pattern.getClass(); type != owned; type = type.getSuperclass()) {
            copyFields(type, pattern, copy);
        }
        codec.restore(copy, state);
        return copy;
    }

    @SuppressWarnings("unchecked") // the codec has accepted the class
    private static <T> ObjectCodec<T> codec(T object) {
        return (ObjectCodec<T>) JdkCodecs.codecs().stream()
                .filter(candidate -> candidate.accepts(object.getClass()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no codec for " + object.getClass()));
    }

    private static void copyFields(Class<?> declaring, Object from, Object to) {
        for (Field field : Slot.declaredFields(declaring)) {
            if (!Modifier.isStatic(field.getModifiers())) {
                Slot slot = Slot.of(field);
                slot.put(to, slot.get(from));
            }
        }
    }

    private static boolean isLeaf(Object part) {
        return part == null
                || part instanceof String
                || part instanceof Number
                || part instanceof Boolean
                || part instanceof Character
                || part instanceof Class
                || part.getClass().isArray()
                || JdkCodecs.resolvers().stream().anyMatch(resolver -> resolver.accepts(part.getClass()));
    }
}
