package dev.ingot.core.jdk.io;

import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.List;

/** The options of a socket, by name. */
final class SocketOptionState {
    static final List<SocketOption<?>> OF_LISTENER = List.of(
            StandardSocketOptions.SO_REUSEADDR, StandardSocketOptions.SO_REUSEPORT, StandardSocketOptions.SO_RCVBUF);
    static final List<SocketOption<?>> OF_CONNECTION = List.of(
            StandardSocketOptions.SO_KEEPALIVE, StandardSocketOptions.SO_LINGER, StandardSocketOptions.TCP_NODELAY);
    static final List<SocketOption<?>> OF_DATAGRAMS = List.of(
            StandardSocketOptions.SO_REUSEADDR,
            StandardSocketOptions.SO_REUSEPORT,
            StandardSocketOptions.SO_BROADCAST,
            StandardSocketOptions.SO_RCVBUF,
            StandardSocketOptions.SO_SNDBUF);

    private SocketOptionState() {}

    static Object[] capture(RawDescriptor socket, List<SocketOption<?>> options) throws IOException {
        List<Object> state = new ArrayList<>();
        for (SocketOption<?> option : options) {
            Object value = socket.option(option);
            if (value != null) {
                state.add(option.name());
                state.add(value);
            }
        }
        return state.toArray();
    }

    /** Sets what differs: setting even the same buffer size would keep the kernel from tuning it. */
    static void restore(RawDescriptor socket, List<SocketOption<?>> options, Object captured) throws IOException {
        Object[] state = (Object[]) captured;
        for (int i = 0; i < state.length; i += 2) {
            for (SocketOption<?> option : options) {
                if (option.name().equals(state[i]) && !state[i + 1].equals(socket.option(option))) {
                    socket.setOption(option, state[i + 1]);
                }
            }
        }
    }
}
