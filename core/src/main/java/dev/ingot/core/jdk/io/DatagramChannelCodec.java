package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.ref.Cleaner.Cleanable;
import java.lang.reflect.Array;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.nio.channels.DatagramChannel;
import jdk.internal.ref.CleanerFactory;
import org.jspecify.annotations.Nullable;

/** Datagram channels, bound and connected again, in the groups they had joined. Datagrams under way are lost, as they may be on any network. */
final class DatagramChannelCodec implements ObjectCodec<DatagramChannel> {
    private static final int CLOSED = 3;
    private static final String[] NATIVE_ADDRESSES = {"sourceSockAddr", "cachedSockAddr", "targetSockAddr"};

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals("sun.nio.ch.DatagramChannelImpl");
    }

    @Override
    public int order() {
        return RestoreOrder.CHANNEL;
    }

    @Override
    public Object[] capture(DatagramChannel channel) throws NotCapturableException {
        Object[] fields = ChannelFields.capture(
                channel,
                "sourceSockAddr",
                "cachedSockAddr",
                "targetSockAddr",
                "cachedInetSocketAddress",
                "previousTarget",
                "previousSockAddrLength",
                "cleaner");
        if (!channel.isOpen()) {
            return new @Nullable Object[] {fields, null, null};
        }
        try {
            RawDescriptor socket = new RawDescriptor(ChannelFields.number(channel));
            return new Object[] {
                fields, SocketOptionState.capture(socket, SocketOptionState.OF_DATAGRAMS), Memberships.capture(channel)
            };
        } catch (IOException e) {
            throw new NotCapturableException("cannot describe " + channel + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void restore(DatagramChannel channel, Object[] state) throws NotRestorableException {
        ChannelFields.restore(channel, state[0]);
        if (state[1] == null) {
            ChannelFields.markClosed(channel, CLOSED);
            return;
        }
        Class<?> type = channel.getClass();
        SocketAddress local = (SocketAddress) Slot.of(type, "localAddress").get(channel);
        SocketAddress remote = (SocketAddress) Slot.of(type, "remoteAddress").get(channel);
        try {
            DatagramChannel donor = DatagramChannel.open(
                    (ProtocolFamily) Slot.of(type, "family").get(channel));
            RawDescriptor socket = EndPair.release(donor);
            SocketOptionState.restore(socket, SocketOptionState.OF_DATAGRAMS, state[1]);
            if (local != null) {
                donor.bind(local);
            }
            Memberships.restore(donor, state[2]);
            if (remote != null) {
                donor.connect(remote);
            }
            takeOver(donor, channel, socket);
        } catch (IOException e) {
            throw new NotRestorableException(
                    "cannot bind a datagram socket to " + local
                            + (remote == null ? "" : " and connect it to " + remote) + " again: " + e.getMessage()
                            + "; end whatever holds the address and resume again",
                    e);
        }
    }

    /** Moves the socket and its native memory from a fresh channel, with the duty to release them. */
    private static void takeOver(DatagramChannel donor, DatagramChannel channel, RawDescriptor socket)
            throws IOException {
        Class<?> type = channel.getClass();
        Class<?> nativeAddress = JdkClass.of("sun.nio.ch.NativeSocketAddress");
        Object addresses = Array.newInstance(nativeAddress, NATIVE_ADDRESSES.length);
        for (int i = 0; i < NATIVE_ADDRESSES.length; i++) {
            Object address = Slot.of(type, NATIVE_ADDRESSES[i]).get(donor);
            Slot.of(type, NATIVE_ADDRESSES[i]).put(channel, address);
            Array.set(addresses, i, address);
        }
        Slot cleaner = Slot.of(type, "cleaner");
        if (cleaner.get(donor) instanceof Cleanable duty) {
            Cleaners.forget(duty);
        }
        ChannelFields.adopt(channel, socket);
        Runnable release = (Runnable) JdkCall.of(type, "releaserFor", FileDescriptor.class, addresses.getClass())
                .result(null, ChannelFields.descriptor(channel), addresses);
        cleaner.put(channel, CleanerFactory.cleaner().register(channel, release));
    }
}
