package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.Slot;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import org.jspecify.annotations.Nullable;

/** Listening channels, bound again to the same address. */
final class ServerChannelCodec implements ObjectCodec<ServerSocketChannel> {
    private static final int CLOSED = 2;

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals("sun.nio.ch.ServerSocketChannelImpl");
    }

    @Override
    public int order() {
        return RestoreOrder.CHANNEL;
    }

    @Override
    public Object[] capture(ServerSocketChannel channel) throws NotCapturableException {
        Object[] fields = ChannelFields.capture(channel);
        if (!channel.isOpen()) {
            return new @Nullable Object[] {fields, null};
        }
        try {
            boolean unix = family(channel) == StandardProtocolFamily.UNIX;
            Object[] options = unix
                    ? new Object[0]
                    : SocketOptionState.capture(
                            new RawDescriptor(ChannelFields.number(channel)), SocketOptionState.OF_LISTENER);
            return new Object[] {fields, options};
        } catch (IOException e) {
            throw new NotCapturableException("cannot describe " + channel + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void restore(ServerSocketChannel channel, Object[] state) throws NotRestorableException {
        ChannelFields.restore(channel, state[0]);
        if (state[1] == null) {
            ChannelFields.markClosed(channel, CLOSED);
            return;
        }
        SocketAddress address =
                (SocketAddress) Slot.of(channel.getClass(), "localAddress").get(channel);
        try {
            ChannelFields.adopt(channel, Listener.open(family(channel), address, state[1]));
        } catch (IOException e) {
            throw new NotRestorableException(Listener.cannotListen(address, e), e);
        }
    }

    private static @Nullable ProtocolFamily family(ServerSocketChannel channel) {
        return (ProtocolFamily) Slot.of(channel.getClass(), "family").get(channel);
    }
}
