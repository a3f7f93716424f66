package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.ObjectCodec;
import java.net.ServerSocket;
import java.util.Set;

/** {@code java.net.ServerSocket}, whose lock has another name in later JDKs. */
final class ServerSocketCodec implements ObjectCodec<ServerSocket> {
    private static final Set<String> LOCKS = Set.of("closeLock", "socketLock");

    @Override
    public boolean accepts(Class<?> type) {
        return ServerSocket.class.isAssignableFrom(type);
    }

    @Override
    public Class<?> stateOf() {
        return ServerSocket.class;
    }

    @Override
    public Object[] capture(ServerSocket socket) {
        return new Object[] {
            FieldState.capture(socket, ServerSocket.class, LOCKS), SocketLock.of(ServerSocket.class, socket)
        };
    }

    @Override
    public void restore(ServerSocket socket, Object[] state) {
        FieldState.restore(socket, state[0]);
        SocketLock.set(ServerSocket.class, socket, state[1]);
    }
}
