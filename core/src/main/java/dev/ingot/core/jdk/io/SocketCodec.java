package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.Slot;
import java.net.Socket;
import java.util.Map;
import java.util.Set;

/**
 * {@code java.net.Socket}, whose state is a set of flags in earlier JDKs and one number in later ones; what it is connected
 * by is another codec's matter.
 */
final class SocketCodec implements ObjectCodec<Socket> {
    /** The flags by their names in earlier JDKs, with their bits in later ones. */
    private static final Map<String, Integer> FLAGS = Map.of(
            "created", 1,
            "bound", 1 << 1,
            "connected", 1 << 2,
            "closed", 1 << 3,
            "shutIn", 1 << 9,
            "shutOut", 1 << 10);

    private static final Set<String> RENAMED = Set.of("state", "closeLock", "socketLock");

    @Override
    public boolean accepts(Class<?> type) {
        return Socket.class.isAssignableFrom(type);
    }

    @Override
    public Class<?> stateOf() {
        return Socket.class;
    }

    @Override
    public Object[] capture(Socket socket) {
        return new Object[] {
            FieldState.capture(socket, Socket.class, RENAMED), flags(socket), SocketLock.of(Socket.class, socket)
        };
    }

    @Override
    public void restore(Socket socket, Object[] state) {
        FieldState.restore(socket, state[0]);
        setFlags(socket, (Integer) state[1]);
        SocketLock.set(Socket.class, socket, state[2]);
    }

    private static int flags(Socket socket) {
        Slot number = Slot.find(Socket.class, "state");
        if (number != null) {
            return number.getInt(socket);
        }
        int flags = 0;
        for (Map.Entry<String, Integer> flag : FLAGS.entrySet()) {
            if (Slot.of(Socket.class, flag.getKey()).getBoolean(socket)) {
                flags |= flag.getValue();
            }
        }
        return flags;
    }

    private static void setFlags(Socket socket, int flags) {
        Slot number = Slot.find(Socket.class, "state");
        if (number != null) {
            number.put(socket, flags);
            return;
        }
        FLAGS.forEach((name, bit) -> Slot.of(Socket.class, name).put(socket, (flags & bit) != 0));
    }
}
