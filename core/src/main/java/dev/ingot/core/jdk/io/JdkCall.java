package dev.ingot.core.jdk.io;

import dev.ingot.core.jdk.access.HiddenMethod;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** A method or constructor of a JDK class that the compiler cannot see, which may do input or output. */
final class JdkCall {
    private final Executable executable;

    private JdkCall(Executable executable) {
        HiddenMethod.setAccessible(executable, true);
        this.executable = executable;
    }

    static JdkCall of(Class<?> holder, String name, Class<?>... parameters) {
        try {
            return new JdkCall(holder.getDeclaredMethod(name, parameters));
        } catch (NoSuchMethodException e) {
            throw absent(holder, name, e);
        }
    }

    static JdkCall constructor(Class<?> holder, Class<?>... parameters) {
        try {
            return new JdkCall(holder.getDeclaredConstructor(parameters));
        } catch (NoSuchMethodException e) {
            throw absent(holder, "its constructor", e);
        }
    }

    /** The named method, or null where this JDK has none. */
    static @Nullable JdkCall find(Class<?> holder, String name, Class<?>... parameters) {
        try {
            return new JdkCall(holder.getDeclaredMethod(name, parameters));
        } catch (NoSuchMethodException e) {
            return null;
        }
    }

    /**
     * Calls it.
     *
     * @throws IOException what it threw, or the cause of it where that is another checked exception
     */
    @Nullable Object call(@Nullable Object target, @Nullable Object... arguments) throws IOException {
        try {
            return executable instanceof Method method
                    ? method.invoke(target, arguments)
                    : ((Constructor<?>) executable).newInstance(arguments);
        } catch (InvocationTargetException e) {
            throw thrown(e);
        } catch (IllegalAccessException | InstantiationException e) {
            throw new IllegalStateException("cannot call " + executable + "", e);
        }
    }

    /** Calls it for a result that is never null. */
    Object result(@Nullable Object target, @Nullable Object... arguments) throws IOException {
        Object result = call(target, arguments);
        if (result == null) {
            throw new IllegalStateException(executable + " returned null");
        }
        return result;
    }

    private IOException thrown(InvocationTargetException e) {
        Throwable cause = e.getCause();
        if (cause instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof IOException io ? io : new IOException(String.valueOf(cause), cause);
    }

    private static IllegalStateException absent(Class<?> holder, String name, Exception cause) {
        return new IllegalStateException(
                "cannot use " + holder.getName() + ": JDK " + Runtime.version() + " lacks " + name
                        + " in the expected form; run a JDK from 17 to 25",
                cause);
    }
}
