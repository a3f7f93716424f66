package dev.ingot.core.jdk.access;

import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/** Finds classes of the JDK by name and asks about them without initialising them. */
public final class JdkClass {
    private static final Unsafe UNSAFE = Unsafe.getUnsafe();
    private static final HiddenMethod FIND_LOADED =
            HiddenMethod.of(ClassLoader.class, "findLoadedClass0", String.class);

    private JdkClass() {}

    /**
     * The class of that name.
     *
     * @throws IllegalStateException if this JDK has no such class
     */
    public static Class<?> of(String name) {
        Class<?> found = find(name);
        if (found == null) {
            throw new IllegalStateException("cannot find " + name + " in JDK " + Runtime.version()
                    + "; Ingot knows the class libraries of JDK 17 to 25");
        }
        return found;
    }

    /** The class of that name, or null where this JDK has none. */
    public static @Nullable Class<?> find(String name) {
        try {
            return Class.forName(name, false, ClassLoader.getPlatformClassLoader());
        } catch (ClassNotFoundException absent) {
            return null;
        }
    }

    /** The class of that name if the platform class loader has defined it already, or null; loads nothing. */
    public static @Nullable Class<?> findInPlatformLoader(String name) {
        return (Class<?>) FIND_LOADED.call(ClassLoader.getPlatformClassLoader(), name);
    }

    /** Whether this JDK has the class and has run its initialiser. */
    public static boolean isInitialized(String name) {
        Class<?> found = find(name);
        return found != null && isInitialized(found);
    }

    /** Whether the initialiser of {@code type} has run. */
    public static boolean isInitialized(Class<?> type) {
        return !UNSAFE.shouldBeInitialized(type);
    }

    /** Whether {@code type} came with the JDK: its loader is the boot or the platform loader. */
    public static boolean isJdk(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return loader == null || loader == ClassLoader.getPlatformClassLoader();
    }

    /** Whether {@code type} is the class named {@code ancestor} or extends it; loads nothing. */
    public static boolean isSubtype(Class<?> type, String ancestor) {
        return ancestor(type, ancestor) != null;
    }

    /** The class named {@code ancestor} that {@code type} is or extends, or null if there is none; loads nothing. */
    public static @Nullable Class<?> ancestor(Class<?> type, String ancestor) {
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            if (at.getName().equals(ancestor)) {
                return at;
            }
        }
        return null;
    }

    /** Whether {@code type} implements the interface named {@code ancestor}; loads nothing. */
    public static boolean isImplementation(Class<?> type, String ancestor) {
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            for (Class<?> candidate : at.getInterfaces()) {
                if (candidate.getName().equals(ancestor) || isImplementation(candidate, ancestor)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A new object of {@code type} on which no constructor ran. */
    public static <T> T allocate(Class<T> type) {
        try {
            return type.cast(UNSAFE.allocateInstance(type));
        } catch (InstantiationException e) {
            throw new IllegalStateException("cannot allocate an object of " + type.getName(), e);
        }
    }
}
