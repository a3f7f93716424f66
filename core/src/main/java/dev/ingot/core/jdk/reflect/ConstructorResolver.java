package dev.ingot.core.jdk.reflect;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectResolver;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.Parts;
import java.lang.reflect.Constructor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Constructors by class and parameter types, with their accessible flag and the class they make objects of where that is another. */
final class ConstructorResolver implements ObjectResolver<Constructor<?>> {

    @Override
    public boolean accepts(Class<?> type) {
        return type == Constructor.class;
    }

    @Override
    public @Nullable Object[] describe(Constructor<?> constructor) throws NotCapturableException {
        return new @Nullable Object[] {
            constructor.getDeclaringClass(),
            constructor.getParameterTypes(),
            HiddenMethod.isAccessible(constructor),
            Instantiation.otherClass(constructor)
        };
    }

    @Override
    public Constructor<?> resolve(Class<?> type, @Nullable Object[] description) throws NotRestorableException {
        Parts parts = new Parts("constructor", description);
        Constructor<?> constructor = find(parts.get(0, Class.class), parts.classes(1));
        Class<?> made = parts.find(3, Class.class);
        if (made != null) {
            constructor = Instantiation.of(made, constructor);
        }
        HiddenMethod.setAccessible(constructor, parts.get(2, Boolean.class));
        return constructor;
    }

    private static Constructor<?> find(Class<?> owner, Class<?>[] parameters) throws NotRestorableException {
        Constructor<?> known = findPublic(owner, parameters);
        if (known != null) {
            return known;
        }
        try {
            return owner.getDeclaredConstructor(parameters);
        } catch (NoSuchMethodException absent) {
            throw new NotRestorableException(
                    "cannot restore the constructor " + owner.getName() + Arrays.toString(parameters)
                            + ", which the program holds: the class has no such constructor in this JVM; resume with the same"
                            + " class path and JDK",
                    absent);
        }
    }

    /** Makes the JVM load the parameter types of public constructors only, as {@link MethodResolver} does. */
    private static @Nullable Constructor<?> findPublic(Class<?> owner, Class<?>[] parameters) {
        try {
            return owner.getConstructor(parameters);
        } catch (NoSuchMethodException absent) {
            return null;
        }
    }
}
