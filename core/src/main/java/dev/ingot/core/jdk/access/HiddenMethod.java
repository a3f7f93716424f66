package dev.ingot.core.jdk.access;

import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * A method or constructor of a JDK class, callable whatever its access. It is looked up on first use, so that making one costs
 * nothing. Thread-safe.
 */
public final class HiddenMethod {
    private static final Unsafe UNSAFE = Unsafe.getUnsafe();
    private static final long OVERRIDE = UNSAFE.objectFieldOffset(AccessibleObject.class, "override");
    private static final String CONSTRUCTOR = "<init>";

    private final Class<?> holder;
    private final String name;
    private final Class<?>[] parameters;
    private volatile @Nullable Method method;
    private volatile @Nullable Constructor<?> constructor;

    private HiddenMethod(Class<?> holder, String name, Class<?>... parameters) {
        this.holder = holder;
        this.name = name;
        this.parameters = parameters;
    }

    /**
     * The named method that {@code holder} declares with exactly those parameters. Its use throws {@link
     * IllegalStateException} if this JDK has no such method.
     */
    public static HiddenMethod of(Class<?> holder, String name, Class<?>... parameters) {
        return new HiddenMethod(holder, name, parameters);
    }

    /** The named method, or null where this JDK has none; see {@link #of}. */
    public static @Nullable HiddenMethod find(Class<?> holder, String name, Class<?>... parameters) {
        HiddenMethod found = of(holder, name, parameters);
        try {
            found.method = opened(holder.getDeclaredMethod(name, parameters));
            return found;
        } catch (NoSuchMethodException absent) {
            return null;
        }
    }

    /**
     * The constructor of {@code holder} with exactly those parameters. Its use throws {@link IllegalStateException} if this
     * JDK has no such constructor.
     */
    public static HiddenMethod constructor(Class<?> holder, Class<?>... parameters) {
        return new HiddenMethod(holder, CONSTRUCTOR, parameters);
    }

    /**
     * Calls a method of {@code target}, null for a static one.
     *
     * @throws RuntimeException what the method threw, if unchecked; a checked exception is wrapped
     */
    public @Nullable Object call(@Nullable Object target, @Nullable Object... arguments) {
        try {
            return method().invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw unchecked(e);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("cannot call " + this, e);
        }
    }

    /**
     * Makes a new object.
     *
     * @throws RuntimeException what the constructor threw, if unchecked; a checked exception is wrapped
     */
    public Object make(@Nullable Object... arguments) {
        try {
            return constructor().newInstance(arguments);
        } catch (InvocationTargetException e) {
            throw unchecked(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot call " + this, e);
        }
    }

    /** Sets or clears the flag by which {@code object} skips access checks, in whatever module it is declared. */
    public static void setAccessible(AccessibleObject object, boolean accessible) {
        UNSAFE.putBoolean(object, OVERRIDE, accessible);
    }

    /** Whether {@code object} skips access checks. */
    public static boolean isAccessible(AccessibleObject object) {
        return UNSAFE.getBoolean(object, OVERRIDE);
    }

    @Override
    public String toString() {
        return holder.getName() + '.' + name + Arrays.toString(parameters);
    }

    private Method method() {
        Method known = method;
        if (known == null) {
            try {
                known = opened(holder.getDeclaredMethod(name, parameters));
                method = known;
            } catch (NoSuchMethodException absent) {
                throw missing(absent);
            }
        }
        return known;
    }

    private Constructor<?> constructor() {
        Constructor<?> known = constructor;
        if (known == null) {
            try {
                known = opened(holder.getDeclaredConstructor(parameters));
                constructor = known;
            } catch (NoSuchMethodException absent) {
                throw missing(absent);
            }
        }
        return known;
    }

    private static <T extends AccessibleObject> T opened(T object) {
        setAccessible(object, true);
        return object;
    }

    private IllegalStateException missing(NoSuchMethodException absent) {
        return new IllegalStateException(
                "cannot find " + this + " in JDK " + Runtime.version()
                        + "; Ingot knows the class libraries of JDK 17 to 25",
                absent);
    }

    private static RuntimeException unchecked(InvocationTargetException thrown) {
        Throwable cause = thrown.getCause();
        if (cause instanceof Error error) {
            throw error;
        }
        if (cause instanceof RuntimeException unchecked) {
            return unchecked;
        }
        return new IllegalStateException("a method of the JDK failed", cause);
    }
}
