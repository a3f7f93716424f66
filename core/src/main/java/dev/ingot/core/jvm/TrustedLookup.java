package dev.ingot.core.jvm;

import static dev.ingot.core.jvm.Memory.UNSAFE;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;

/** Method handles to whatever a class declares, however private. */
public final class TrustedLookup {
    private static final Lookup LOOKUP = trusted();

    private TrustedLookup() {}

    /** A lookup with every right on {@code type}, as the class itself has it. */
    public static Lookup in(Class<?> type) {
        return LOOKUP.in(type);
    }

    static MethodHandle method(Class<?> holder, String name, Class<?> result, Class<?>... parameters) {
        try {
            return LOOKUP.findVirtual(holder, name, MethodType.methodType(result, parameters));
        } catch (ReflectiveOperationException e) {
            throw unknown(holder, name, e);
        }
    }

    static MethodHandle staticMethod(Class<?> holder, String name, Class<?> result, Class<?>... parameters) {
        try {
            return LOOKUP.findStatic(holder, name, MethodType.methodType(result, parameters));
        } catch (ReflectiveOperationException e) {
            throw unknown(holder, name, e);
        }
    }

    static MethodHandle constructor(Class<?> holder, Class<?>... parameters) {
        try {
            return LOOKUP.findConstructor(holder, MethodType.methodType(void.class, parameters));
        } catch (ReflectiveOperationException e) {
            throw unknown(holder, "<init>", e);
        }
    }

    /** Rethrows what a method handle threw, unchecked. */
    static RuntimeException failed(String attempt, Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        if (cause instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        return new IllegalStateException("cannot " + attempt, cause);
    }

    private static IllegalStateException unknown(Class<?> holder, String name, ReflectiveOperationException cause) {
        return new IllegalStateException(
                "cannot find " + holder.getName() + '.' + name + " in JDK " + Runtime.version()
                        + "; Ingot knows the class libraries of JDK 17 to 25",
                cause);
    }

    private static Lookup trusted() {
        try {
            Field field = Lookup.class.getDeclaredField("IMPL_LOOKUP");
            return (Lookup) UNSAFE.getReference(UNSAFE.staticFieldBase(field), UNSAFE.staticFieldOffset(field));
        } catch (NoSuchFieldException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
