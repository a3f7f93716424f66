package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectResolver;
import java.io.IOException;
import java.net.NetworkInterface;
import java.net.URL;
import java.net.URLStreamHandler;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.nio.channels.spi.SelectorProvider;
import java.util.List;

/** What a JVM has one of: handlers of URL schemes, network interfaces, the provider of channels. */
final class NetResolvers {
    private NetResolvers() {}

    static List<ObjectResolver<?>> all() {
        return List.of(
                new HandlerResolver(),
                new InterfaceResolver(),
                new ProviderResolver(),
                new AsynchronousProviderResolver());
    }

    /** Handlers of the JDK's own schemes; a handler of the program's is an object like any other. */
    private static final class HandlerResolver implements ObjectResolver<URLStreamHandler> {
        private static final String PACKAGE = "sun.net.www.protocol.";

        @Override
        public boolean accepts(Class<?> type) {
            return type.getClassLoader() == null
                    && type.getName().startsWith(PACKAGE)
                    && URLStreamHandler.class.isAssignableFrom(type);
        }

        @Override
        public Object[] describe(URLStreamHandler handler) {
            String name = handler.getClass().getPackageName();
            return new Object[] {name.substring(PACKAGE.length())};
        }

        @Override
        public URLStreamHandler resolve(Class<?> type, Object[] description) throws NotRestorableException {
            String scheme = (String) description[0];
            try {
                if (JdkCall.of(URL.class, "getURLStreamHandler", String.class).call(null, scheme)
                                instanceof URLStreamHandler handler
                        && handler.getClass() == type) {
                    return handler;
                }
                return (URLStreamHandler) JdkCall.constructor(type).result(null);
            } catch (IOException e) {
                throw new NotRestorableException(
                        "cannot make the handler of '" + scheme + "' URLs: " + e.getMessage(), e);
            }
        }
    }

    private static final class InterfaceResolver implements ObjectResolver<NetworkInterface> {
        @Override
        public boolean accepts(Class<?> type) {
            return type == NetworkInterface.class;
        }

        @Override
        public Object[] describe(NetworkInterface network) {
            return new Object[] {network.getName()};
        }

        @Override
        public NetworkInterface resolve(Class<?> type, Object[] description) throws NotRestorableException {
            String name = (String) description[0];
            try {
                NetworkInterface network = NetworkInterface.getByName(name);
                if (network != null) {
                    return network;
                }
            } catch (IOException e) {
                throw new NotRestorableException("cannot look up network interface " + name + ": " + e.getMessage(), e);
            }
            throw new NotRestorableException("cannot find network interface " + name
                    + " on this host; resume on a host that has one of that name");
        }
    }

    private static final class ProviderResolver implements ObjectResolver<SelectorProvider> {
        @Override
        public boolean accepts(Class<?> type) {
            return SelectorProvider.class.isAssignableFrom(type)
                    && type.getName().startsWith("sun.nio.ch.");
        }

        @Override
        public Object[] describe(SelectorProvider provider) {
            return new Object[0];
        }

        @Override
        public SelectorProvider resolve(Class<?> type, Object[] description) {
            return SelectorProvider.provider();
        }
    }

    private static final class AsynchronousProviderResolver implements ObjectResolver<AsynchronousChannelProvider> {
        @Override
        public boolean accepts(Class<?> type) {
            return type.getName().equals("sun.nio.ch.LinuxAsynchronousChannelProvider");
        }

        @Override
        public Object[] describe(AsynchronousChannelProvider provider) {
            return new Object[0];
        }

        @Override
        public AsynchronousChannelProvider resolve(Class<?> type, Object[] description) {
            return AsynchronousChannelProvider.provider();
        }
    }
}
