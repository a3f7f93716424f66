package dev.ingot.core.jdk.remote;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.io.FieldState;
import java.util.Set;

/** Connections to one endpoint. The task that closes idle ones is the JDK's own and is planned anew when the next becomes idle. */
final class ChannelCodec implements ObjectCodec<Object> {
    private static final Set<String> PLANNED = Set.of("reaper");

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals("sun.rmi.transport.tcp.TCPChannel");
    }

    @Override
    public Object[] capture(Object channel) {
        return new Object[] {FieldState.capture(channel, PLANNED)};
    }

    @Override
    public void restore(Object channel, Object[] state) {
        FieldState.restore(channel, state[0]);
    }
}
