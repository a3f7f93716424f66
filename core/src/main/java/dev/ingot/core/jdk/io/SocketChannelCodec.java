package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.Slot;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** Stream channels: connected again where both ends are in the image, else reset; see {@link Connection}. */
final class SocketChannelCodec implements ObjectCodec<SocketChannel> {
    private static final int CONNECTING = 1;
    private static final int CONNECTED = 2;
    private static final int CLOSED = 4;

    private final OpenSockets sockets;

    SocketChannelCodec(OpenSockets sockets) {
        this.sockets = sockets;
    }

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals("sun.nio.ch.SocketChannelImpl");
    }

    @Override
    public int order() {
        return RestoreOrder.CHANNEL;
    }

    @Override
    public Object[] capture(SocketChannel channel) throws NotCapturableException {
        Object[] fields = ChannelFields.capture(channel);
        if (!channel.isOpen()) {
            return new @Nullable Object[] {fields, null, null};
        }
        int number = ChannelFields.number(channel);
        try {
            Object[] options = isUnix(channel)
                    ? new Object[0]
                    : SocketOptionState.capture(new RawDescriptor(number), SocketOptionState.OF_CONNECTION);
            Object[] connection =
                    channel.isConnected() ? Connection.ofSocket(number, sockets).toState() : null;
            return new @Nullable Object[] {fields, options, connection};
        } catch (IOException e) {
            throw new NotCapturableException("cannot describe " + channel + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void restore(SocketChannel channel, Object[] state) throws NotRestorableException {
        ChannelFields.restore(channel, state[0]);
        if (state[1] == null) {
            ChannelFields.markClosed(channel, CLOSED);
            return;
        }
        try {
            RawDescriptor socket = state[2] == null
                    ? open(channel)
                    : Connection.fromState(state[2]).restore();
            ChannelFields.adopt(channel, socket);
            if (!isUnix(channel)) {
                SocketOptionState.restore(socket, SocketOptionState.OF_CONNECTION, state[1]);
            }
        } catch (IOException e) {
            throw new NotRestorableException(
                    "cannot restore the connection from " + address(channel, "localAddress") + " to "
                            + address(channel, "remoteAddress") + ": " + e.getMessage(),
                    e);
        }
    }

    /** A socket that was not connected yet; one that was connecting starts to connect again. */
    private static RawDescriptor open(SocketChannel channel) throws IOException {
        Slot state = Slot.of(channel.getClass(), "state");
        SocketChannel donor = SocketChannel.open(family(channel));
        boolean connects = state.getInt(channel) == CONNECTING;
        RawDescriptor socket =
                open(donor, address(channel, "localAddress"), connects ? address(channel, "remoteAddress") : null);
        if (connects && donor.isConnected()) {
            state.put(channel, CONNECTED);
        }
        return socket;
    }

    /** The socket of {@code donor}, that connects to {@code remote} if that is not null, or else is bound to {@code local}. */
    static RawDescriptor open(SocketChannel donor, @Nullable SocketAddress local, @Nullable SocketAddress remote)
            throws IOException {
        if (remote != null) {
            donor.configureBlocking(false);
            donor.connect(remote);
        } else if (local != null) {
            donor.bind(local);
        }
        return EndPair.release(donor);
    }

    private static boolean isUnix(SocketChannel channel) {
        return family(channel) == StandardProtocolFamily.UNIX;
    }

    private static ProtocolFamily family(SocketChannel channel) {
        Object family = Slot.of(channel.getClass(), "family").get(channel);
        if (family == null) {
            throw new IllegalStateException("a socket channel has no protocol family");
        }
        return (ProtocolFamily) family;
    }

    private static @Nullable SocketAddress address(SocketChannel channel, String name) {
        return (SocketAddress) Slot.of(channel.getClass(), name).get(channel);
    }
}
