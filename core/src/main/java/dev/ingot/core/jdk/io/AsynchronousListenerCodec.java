package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asynchronous channels that listen, bound again to the same address; an accept that is under way goes on. */
final class AsynchronousListenerCodec implements ObjectCodec<AsynchronousServerSocketChannel> {
    private static final int FIELDS = 0;
    private static final int OPTIONS = 1;

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals("sun.nio.ch.UnixAsynchronousServerSocketChannelImpl");
    }

    @Override
    public Object[] capture(AsynchronousServerSocketChannel channel) throws NotCapturableException {
        if (!channel.isOpen()) {
            return new @Nullable Object[] {FieldState.capture(channel, Set.of("fd", "fdVal")), null};
        }
        try {
            RawDescriptor socket = new RawDescriptor(Fields.NUMBER.getInt(channel));
            return new Object[] {
                FieldState.capture(channel, Set.of("fdVal")),
                SocketOptionState.capture(socket, SocketOptionState.OF_LISTENER)
            };
        } catch (IOException e) {
            throw new NotCapturableException("cannot describe " + channel + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void restore(AsynchronousServerSocketChannel channel, @Nullable Object[] state)
            throws NotRestorableException {
        FieldState.restore(channel, Objects.requireNonNull(state[FIELDS]));
        if (!(state[OPTIONS] instanceof Object[] options)) {
            Fields.DESCRIPTOR.put(channel, new FileDescriptor());
            Fields.NUMBER.put(channel, -1);
            return;
        }
        SocketAddress address = (SocketAddress) Fields.LOCAL.get(channel);
        try {
            RawDescriptor socket = Listener.open(null, address, options);
            AsynchronousGroupCodec.join(
                    Fields.GROUP.get(channel),
                    channel,
                    Fields.DESCRIPTOR.get(channel),
                    Fields.NUMBER,
                    socket,
                    Fields.ACCEPTS.getBoolean(channel) ? AsynchronousGroupCodec.READABLE : 0);
        } catch (IOException e) {
            throw new NotRestorableException(Listener.cannotListen(address, e), e);
        }
    }

    /** After the groups. */
    @Override
    public int order() {
        return RestoreOrder.USER;
    }

    /** Resolved at the first channel met. */
    private static final class Fields {
        private static final Class<?> CHANNEL = JdkClass.of("sun.nio.ch.UnixAsynchronousServerSocketChannelImpl");
        private static final String ABOVE = "sun.nio.ch.AsynchronousServerSocketChannelImpl";
        static final Slot NUMBER = Slot.of(CHANNEL, "fdVal");
        static final Slot GROUP = Slot.of(CHANNEL, "port");
        static final Slot ACCEPTS = Slot.of(CHANNEL, "acceptPending");
        static final Slot DESCRIPTOR = Slot.of(ABOVE, "fd");
        static final Slot LOCAL = Slot.of(ABOVE, "localAddress");

        private Fields() {}
    }
}
