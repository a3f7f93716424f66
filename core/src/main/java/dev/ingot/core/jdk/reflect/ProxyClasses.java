package dev.ingot.core.jdk.reflect;

import dev.ingot.core.heap.NotRestorableException;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The classes of dynamic proxies: made by the JDK from a loader and a list of interfaces, and the same for every proxy of
 * the two. Their generated names may differ from one JVM to the next.
 */
public final class ProxyClasses {

    private ProxyClasses() {}

    /** Whether {@code type} was made by {@link Proxy}. */
    public static boolean isProxy(Class<?> type) {
        return Proxy.isProxyClass(type);
    }

    /** The interfaces {@code proxy} was made for, in their order. */
    public static Class<?>[] interfaces(Class<?> proxy) {
        return proxy.getInterfaces();
    }

    /**
     * The proxy class of {@code loader} for {@code interfaces}, made if there is none yet. It is not initialised.
     *
     * @throws NotRestorableException if the loader does not see one of the interfaces
     */
    @SuppressWarnings("deprecation") // the replacement makes an instance, which would initialise the class
    public static Class<?> of(@Nullable ClassLoader loader, Class<?>... interfaces) throws NotRestorableException {
        try {
            return Proxy.getProxyClass(loader, interfaces);
        } catch (IllegalArgumentException e) {
            throw new NotRestorableException(
                    "cannot make the proxy class for " + Arrays.toString(interfaces) + " again: " + e.getMessage()
                            + "; resume with the same class path",
                    e);
        }
    }
}
