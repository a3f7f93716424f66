package dev.ingot.runtime;

import java.lang.reflect.InvocationTargetException;
import jdk.internal.reflect.ConstructorAccessor;
import jdk.internal.reflect.MethodAccessor;
import org.jspecify.annotations.Nullable;

/**
 * Calls through code that only forwards, made in a way that lets a {@link CaptureSignal} through. Woven code calls these in
 * place of the forwarder; a stack is rebuilt by calling them again with the same arguments. In the agent's jar these methods carry
 * a mark that hides them from methods which ask the JVM who calls them.
 */
public final class PassThrough {
    private PassThrough() {}

    /** Calls a reflected method; the signal arrives as itself instead of as an {@link InvocationTargetException}. */
    public static @Nullable Object invoke(
            MethodAccessor accessor, @Nullable Object receiver, @Nullable Object @Nullable [] arguments)
            throws InvocationTargetException {
        try {
            return accessor.invoke(receiver, arguments);
        } catch (InvocationTargetException e) {
            throw unwrapped(e);
        }
    }

    /**
     * Calls a reflected constructor; the signal arrives as itself instead of as an {@link InvocationTargetException}. When the
     * constructor is re-entered, the object it was called on before is returned.
     */
    public static Object newInstance(ConstructorAccessor accessor, @Nullable Object @Nullable [] arguments)
            throws InstantiationException, InvocationTargetException {
        Object before = Woven.objectOfNextConstructor();
        try {
            Object made = accessor.newInstance(arguments);
            // On the way to the program's constructor the JDK may make objects of its own in the same way.
            return before != null && before.getClass() == made.getClass() ? before : made;
        } catch (InvocationTargetException e) {
            throw unwrapped(e);
        }
    }

    /** As {@link String#valueOf(Object)}; stands before a string concatenation for each argument that is an object. */
    public static @Nullable String stringOf(@Nullable Object object) {
        return object == null ? "null" : object.toString();
    }

    private static InvocationTargetException unwrapped(InvocationTargetException e) {
        Throwable target = e.getTargetException();
        if (target instanceof CaptureSignal signal) {
            throw signal;
        }
        return e;
    }
}
