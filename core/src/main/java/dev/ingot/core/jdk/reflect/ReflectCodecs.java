package dev.ingot.core.jdk.reflect;

import dev.ingot.core.heap.ObjectResolver;
import java.util.List;

/** The resolvers of this package. */
public final class ReflectCodecs {

    private ReflectCodecs() {}

    public static List<ObjectResolver<?>> resolvers() {
        return List.of(
                new MethodResolver(),
                new ConstructorResolver(),
                new FieldResolver(),
                new ParameterResolver(),
                new RecordComponentResolver());
    }
}
