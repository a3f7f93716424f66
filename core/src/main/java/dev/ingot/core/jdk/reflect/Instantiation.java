package dev.ingot.core.jdk.reflect;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import jdk.internal.access.SharedSecrets;
import jdk.internal.reflect.ConstantPool;
import jdk.internal.reflect.ReflectionFactory;
import org.jspecify.annotations.Nullable;

/**
 * Constructors that make an object of a subclass, for which serialization asks the JDK and Objenesis does: of that subclass none of the
 * constructors is called. They look like those of the superclass, and only what they call knows of the other one.
 */
final class Instantiation {
    /** Up to JDK 21 a generated class calls the constructor. */
    private static final String GENERATED = "jdk.internal.reflect.GeneratedSerializationConstructorAccessor";

    private static final String DIRECT = "jdk.internal.reflect.DirectConstructorHandleAccessor";
    private static final String CONSTRUCTING_HANDLE = "java.lang.invoke.DirectMethodHandle$Constructor";
    /** A handle that takes arguments from an array is made of this many at most. */
    private static final int DEEPEST = 8;

    /** The generated class names itself and its superclass before the class that is made. */
    private static final int PLACE_IN_GENERATED = 3;

    private static final Slot ACCESSOR = Slot.of(Constructor.class, "constructorAccessor");
    private static final HiddenMethod FIND_LOADED =
            HiddenMethod.of(ClassLoader.class, "findLoadedClass0", String.class);

    private Instantiation() {}

    /** The class of which {@code constructor} makes objects, where that is not the one it belongs to; null where it is. */
    static @Nullable Class<?> otherClass(Constructor<?> constructor) throws NotCapturableException {
        Object accessor = ACCESSOR.get(constructor);
        if (accessor == null) {
            return null;
        }
        String name = accessor.getClass().getName();
        if (name.startsWith(GENERATED)) {
            return inGenerated(accessor.getClass());
        }
        if (!name.equals(DIRECT)) {
            return null;
        }
        Class<?> made = inHandle(Slot.of(accessor.getClass(), "target").get(accessor), 0);
        return made == constructor.getDeclaringClass() ? null : made;
    }

    /** A constructor like that, which calls {@code constructor} on objects of {@code type}. */
    static Constructor<?> of(Class<?> type, Constructor<?> constructor) {
        return ReflectionFactory.getReflectionFactory().newConstructorForSerialization(type, constructor);
    }

    private static Class<?> inGenerated(Class<?> accessor) throws NotCapturableException {
        ConstantPool constants = SharedSecrets.getJavaLangAccess().getConstantPool(accessor);
        int classes = 0;
        for (int i = 1; i < constants.getSize(); i++) {
            if (constants.getTagAt(i) == ConstantPool.Tag.CLASS && ++classes == PLACE_IN_GENERATED) {
                // Its name stands before it.
                Class<?> made = find(accessor, constants.getUTF8At(i - 1).replace('/', '.'));
                if (made != null) {
                    return made;
                }
            }
        }
        throw new NotCapturableException("cannot tell of which class a constructor for serialization makes objects: "
                + accessor.getName() + " is not generated as JDK 17 to 21 do");
    }

    /** The class of that name by the loader of which the JDK defined the accessor below; no loader of the program is asked. */
    private static @Nullable Class<?> find(Class<?> accessor, String name) {
        ClassLoader own = accessor.getClassLoader();
        ClassLoader loader = own == null ? null : own.getParent();
        return loader == null ? JdkClass.find(name) : (Class<?>) FIND_LOADED.call(loader, name);
    }

    private static @Nullable Class<?> inHandle(@Nullable Object handle, int depth) {
        if (!(handle instanceof MethodHandle) || depth > DEEPEST) {
            return null;
        }
        if (handle.getClass().getName().equals(CONSTRUCTING_HANDLE)) {
            return Slot.of(handle.getClass(), "instanceClass").get(handle, Class.class);
        }
        for (Class<?> at = handle.getClass(); at != null && at != MethodHandle.class; at = at.getSuperclass()) {
            for (Field field : Slot.declaredFields(at)) {
                if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
                    Class<?> made = inHandle(Slot.of(field).get(handle), depth + 1);
                    if (made != null) {
                        return made;
                    }
                }
            }
        }
        return null;
    }
}
