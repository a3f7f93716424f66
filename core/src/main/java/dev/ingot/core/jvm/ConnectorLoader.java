package dev.ingot.core.jvm;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.util.Objects;

/**
 * The class loader in which the JDK's client of remote JMX connectors defines one class of its own, in a module that it makes for it. Each JVM
 * makes its own, so an image only names it.
 */
public final class ConnectorLoader {
    /** Has a static field that leads to the loader. */
    public static final String OWNER = "javax.management.remote.rmi.RMIConnector";

    private static final String TYPE = "javax.management.remote.rmi.NoCallStackClassLoader";

    private ConnectorLoader() {}

    /** Whether {@code loader} is it. */
    public static boolean isOne(ClassLoader loader) {
        return loader.getClass().getName().equals(TYPE)
                && loader.getClass().getModule().isNamed();
    }

    /**
     * The one of this JVM, which is made if need be.
     *
     * @throws ClassNotFoundException if this JVM has none
     */
    public static ClassLoader ofThisJvm() throws ClassNotFoundException {
        Class<?> owner = Class.forName(OWNER, true, ClassLoader.getPlatformClassLoader());
        Field proxy = DeclaredFields.ofClass(owner, "proxyRefConstructor");
        if (proxy == null || !(DeclaredFields.staticValue(proxy) instanceof Constructor<?> constructor)) {
            throw new ClassNotFoundException("this JDK's " + OWNER + " has no loader of its own");
        }
        return Objects.requireNonNull(constructor.getDeclaringClass().getClassLoader());
    }
}
