package dev.ingot.runtime;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/** What carries out reflected calls. Stands in a frame's record for the accessor of the frame's method. */
final class MethodAccessors {
    private static final Method ACQUIRE = acquire();

    private MethodAccessors() {}

    /** The accessor of a method in this JVM, made if there is none yet. */
    static Object of(Method method) {
        try {
            return ACQUIRE.invoke(method);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("cannot call " + method + " again", e);
        }
    }

    private static Method acquire() {
        try {
            Method acquire = Method.class.getDeclaredMethod("acquireMethodAccessor");
            acquire.setAccessible(true);
            return acquire;
        } catch (NoSuchMethodException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
