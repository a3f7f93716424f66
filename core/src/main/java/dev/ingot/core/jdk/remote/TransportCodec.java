package dev.ingot.core.jdk.remote;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.io.FieldState;
import java.util.Set;

/**
 * What carries remote calls. One that serves nothing but the JVM's own management has no server socket in an image: the fresh JVM
 * opens its own, at the same port.
 */
final class TransportCodec implements ObjectCodec<Object> {
    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals("sun.rmi.transport.tcp.TCPTransport");
    }

    @Override
    public Object[] capture(Object transport) {
        Set<String> left = RemoteExports.servesJvmOnly(transport) ? Set.of("server") : Set.of();
        return new Object[] {FieldState.capture(transport, left)};
    }

    @Override
    public void restore(Object transport, Object[] state) {
        FieldState.restore(transport, state[0]);
    }
}
