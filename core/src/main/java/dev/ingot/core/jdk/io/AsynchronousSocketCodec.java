package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asynchronous channels of connections, which are restored as those of {@link SocketChannelCodec}; what is under way in one goes on. */
final class AsynchronousSocketCodec implements ObjectCodec<AsynchronousSocketChannel> {
    private static final int FIELDS = 0;
    private static final int OPTIONS = 1;
    private static final int CONNECTION = 2;

    private static final int CONNECTING = 1;
    private static final int CONNECTED = 2;

    private final OpenSockets sockets;

    AsynchronousSocketCodec(OpenSockets sockets) {
        this.sockets = sockets;
    }

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals("sun.nio.ch.UnixAsynchronousSocketChannelImpl");
    }

    @Override
    public Object[] capture(AsynchronousSocketChannel channel) throws NotCapturableException {
        if (!channel.isOpen()) {
            return new @Nullable Object[] {FieldState.capture(channel, Set.of("fd", "fdVal")), null, null};
        }
        int number = Fields.NUMBER.getInt(channel);
        try {
            return new @Nullable Object[] {
                FieldState.capture(channel, Set.of("fdVal")),
                SocketOptionState.capture(new RawDescriptor(number), SocketOptionState.OF_CONNECTION),
                Fields.STATE.getInt(channel) == CONNECTED
                        ? Connection.ofSocket(number, sockets).toState()
                        : null
            };
        } catch (IOException e) {
            throw new NotCapturableException("cannot describe " + channel + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void restore(AsynchronousSocketChannel channel, @Nullable Object[] state) throws NotRestorableException {
        FieldState.restore(channel, Objects.requireNonNull(state[FIELDS]));
        if (!(state[OPTIONS] instanceof Object[] options)) {
            Fields.DESCRIPTOR.put(channel, new FileDescriptor());
            Fields.NUMBER.put(channel, -1);
            return;
        }
        try {
            Object connection = state[CONNECTION];
            RawDescriptor socket = connection == null
                    ? open(channel)
                    : Connection.fromState(connection).restore();
            SocketOptionState.restore(socket, SocketOptionState.OF_CONNECTION, options);
            AsynchronousGroupCodec.join(
                    Fields.GROUP.get(channel),
                    channel,
                    Fields.DESCRIPTOR.get(channel),
                    Fields.NUMBER,
                    socket,
                    awaited(channel));
        } catch (IOException e) {
            throw new NotRestorableException("cannot restore " + channel + ": " + e.getMessage(), e);
        }
    }

    /** A socket that was not connected yet; one that was connecting starts to connect again. */
    private static RawDescriptor open(AsynchronousSocketChannel channel) throws IOException {
        return SocketChannelCodec.open(
                SocketChannel.open(),
                (SocketAddress) Fields.LOCAL.get(channel),
                Fields.STATE.getInt(channel) == CONNECTING ? (SocketAddress) Fields.REMOTE.get(channel) : null);
    }

    private static int awaited(AsynchronousSocketChannel channel) {
        boolean writes = Fields.WRITES.getBoolean(channel) || Fields.CONNECTS.getBoolean(channel);
        return (Fields.READS.getBoolean(channel) ? AsynchronousGroupCodec.READABLE : 0)
                | (writes ? AsynchronousGroupCodec.WRITABLE : 0);
    }

    /** After the groups. */
    @Override
    public int order() {
        return RestoreOrder.USER;
    }

    /** Resolved at the first channel met. */
    private static final class Fields {
        private static final Class<?> CHANNEL = JdkClass.of("sun.nio.ch.UnixAsynchronousSocketChannelImpl");
        private static final String ABOVE = "sun.nio.ch.AsynchronousSocketChannelImpl";
        static final Slot NUMBER = Slot.of(CHANNEL, "fdVal");
        static final Slot GROUP = Slot.of(CHANNEL, "port");
        static final Slot REMOTE = Slot.of(CHANNEL, "pendingRemote");
        static final Slot READS = Slot.of(CHANNEL, "readPending");
        static final Slot WRITES = Slot.of(CHANNEL, "writePending");
        static final Slot CONNECTS = Slot.of(CHANNEL, "connectPending");
        static final Slot DESCRIPTOR = Slot.of(ABOVE, "fd");
        static final Slot STATE = Slot.of(ABOVE, "state");
        static final Slot LOCAL = Slot.of(ABOVE, "localAddress");

        private Fields() {}
    }
}
