package dev.ingot.core.jvm;

import static dev.ingot.core.jvm.Memory.UNSAFE;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import jdk.internal.loader.NativeLibraries;

/**
 * The part of a class loader that belongs to the JVM it lives in: its unnamed module, locks, tables of classes and native
 * libraries. A restored loader gets a new one.
 */
public final class LoaderAccess {
    private static final Set<String> OWN_FIELDS = Set.of(
            "unnamedModule",
            "parallelLockMap",
            "package2certs",
            "classes",
            "libraries",
            "assertionLock",
            "classLoaderValueMap");

    private static final MethodHandle NEW_MODULE = TrustedLookup.constructor(Module.class, ClassLoader.class);
    private static final MethodHandle NEW_LIBRARIES = librariesFactory();
    private static final MethodHandle IS_REGISTERED = parallelLoaders("isRegistered");
    private static final MethodHandle REGISTER = parallelLoaders("register");

    private LoaderAccess() {}

    /** Whether {@link #renew} and the JVM set the field {@code name} of {@code ClassLoader}, so that it is not to be copied. */
    public static boolean isRenewed(String name) {
        return OWN_FIELDS.contains(name);
    }

    /** Whether loaders of exactly this class load classes in parallel. */
    public static boolean isParallelCapable(Class<?> loaderType) {
        try {
            return (boolean) IS_REGISTERED.invoke(loaderType);
        } catch (Throwable failure) {
            throw TrustedLookup.failed("ask whether " + loaderType.getName() + " is parallel capable", failure);
        }
    }

    /** Gives a loader that was allocated without a constructor everything the JVM expects of it. */
    public static void renew(ClassLoader loader, boolean parallelCapable) {
        try {
            if (parallelCapable) {
                boolean unused = (boolean) REGISTER.invoke(loader.getClass());
                set(loader, "parallelLockMap", new ConcurrentHashMap<String, Object>());
            }
            set(loader, "assertionLock", parallelCapable ? new Object() : loader);
            set(loader, "package2certs", new ConcurrentHashMap<String, Object>());
            set(loader, "classes", new ArrayList<Class<?>>());
            set(loader, "unnamedModule", NEW_MODULE.invoke(loader));
            set(loader, "libraries", NEW_LIBRARIES.invoke(loader));
        } catch (Throwable failure) {
            throw TrustedLookup.failed("set up a restored " + loader.getClass().getName(), failure);
        }
    }

    private static void set(ClassLoader loader, String field, Object value) {
        UNSAFE.putReference(loader, DeclaredFields.offset(ClassLoader.class, field), value);
    }

    private static MethodHandle parallelLoaders(String method) {
        try {
            Class<?> holder = Class.forName("java.lang.ClassLoader$ParallelLoaders");
            return TrustedLookup.staticMethod(holder, method, boolean.class, Class.class);
        } catch (ClassNotFoundException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Its name differs between 17 and later JDKs. */
    private static MethodHandle librariesFactory() {
        for (String name : new String[] {"newInstance", "jniNativeLibraries"}) {
            try {
                return TrustedLookup.in(NativeLibraries.class)
                        .findStatic(
                                NativeLibraries.class,
                                name,
                                MethodType.methodType(NativeLibraries.class, ClassLoader.class));
            } catch (ReflectiveOperationException otherName) {
                // The next name may be that of this JDK.
            }
        }
        throw new IllegalStateException("cannot find how JDK " + Runtime.version()
                + " keeps native libraries; Ingot knows the class libraries of JDK 17 to 25");
    }
}
