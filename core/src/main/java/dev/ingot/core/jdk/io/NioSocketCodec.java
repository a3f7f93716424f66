package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.runtime.ManagedThreads;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketImpl;
import java.nio.channels.SocketChannel;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import jdk.internal.ref.CleanerFactory;
import org.jspecify.annotations.Nullable;

/** What is below {@code Socket} and {@code ServerSocket}. */
final class NioSocketCodec implements ObjectCodec<SocketImpl> {
    private static final int NEW = 0;
    private static final int UNCONNECTED = 1;
    private static final int CONNECTING = 2;
    private static final int CONNECTED = 3;
    private static final int CLOSED = 5;

    private static final String[] LOCKS = {"readLock", "writeLock"};

    private final OpenSockets sockets;

    NioSocketCodec(OpenSockets sockets) {
        this.sockets = sockets;
    }

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals("sun.nio.ch.NioSocketImpl");
    }

    @Override
    public int order() {
        return RestoreOrder.CHANNEL;
    }

    @Override
    public Object[] capture(SocketImpl socket) throws NotCapturableException {
        int state = Fields.STATE.getInt(socket);
        if (state == NEW || state > CONNECTED) {
            return new @Nullable Object[] {fieldsOf(socket, true), null, null};
        }
        Object[] fields = fieldsOf(socket, false);
        try {
            int number = RawDescriptor.number(descriptor(socket));
            Object[] options = SocketOptionState.capture(
                    new RawDescriptor(number),
                    isServer(socket) ? SocketOptionState.OF_LISTENER : SocketOptionState.OF_CONNECTION);
            Object[] connection =
                    state == CONNECTED ? Connection.ofSocket(number, sockets).toState() : null;
            return new @Nullable Object[] {fields, options, connection};
        } catch (IOException e) {
            throw new NotCapturableException(
                    "cannot describe the socket " + describe(socket) + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void restore(SocketImpl socket, Object[] state) throws NotRestorableException {
        FieldState.restore(socket, state[0]);
        completeForThisJdk(socket);
        freeLocks(socket);
        if (state[1] == null) {
            if (Fields.STATE.getInt(socket) != NEW) {
                Fields.STATE.put(socket, CLOSED);
            }
            return;
        }
        try {
            RawDescriptor raw = state[2] == null
                    ? open(socket, state[1])
                    : Connection.fromState(state[2]).restore();
            if (!isServer(socket)) {
                SocketOptionState.restore(raw, SocketOptionState.OF_CONNECTION, state[1]);
            }
            adopt(socket, raw);
        } catch (IOException e) {
            throw new NotRestorableException(
                    "cannot restore the socket " + describe(socket) + ": " + e.getMessage()
                            + "; if another process holds its address, end that and resume again",
                    e);
        }
    }

    private static Object[] fieldsOf(SocketImpl socket, boolean closed) {
        Set<String> left = new HashSet<>();
        left.add("cleaner");
        Blocked.addNative(socket, left);
        for (String lock : LOCKS) {
            if (isHeldByJvm(lock, socket)) {
                left.add(lock);
            }
        }
        if (closed) {
            // It keeps a number that is another file's by now.
            left.add("fd");
        }
        return FieldState.capture(socket, left);
    }

    /** Threads of the JDK are no part of an image: those that accept connections for RMI, for example. */
    private static boolean isHeldByJvm(String lock, SocketImpl socket) {
        Object held = Slot.of(Fields.TYPE, lock).get(socket);
        Object sync = held == null ? null : Slot.of(ReentrantLock.class, "sync").get(held);
        Object owner = sync == null
                ? null
                : Slot.inherited(sync, "exclusiveOwnerThread").get(sync);
        return owner instanceof Thread thread && !ManagedThreads.manages(thread);
    }

    private static void freeLocks(SocketImpl socket) {
        for (String lock : LOCKS) {
            Slot slot = Slot.of(Fields.TYPE, lock);
            if (slot.get(socket) == null) {
                slot.put(socket, new ReentrantLock());
            }
        }
    }

    private static void adopt(SocketImpl socket, RawDescriptor raw) throws IOException {
        raw.setBlocking(!Fields.NON_BLOCKING.getBoolean(socket));
        FileDescriptor descriptor = descriptor(socket);
        raw.lendTo(descriptor);
        JdkCall withKind = JdkCall.find(Fields.TYPE, "closerFor", FileDescriptor.class, boolean.class);
        Runnable closer = (Runnable)
                (withKind != null
                        ? withKind.result(null, descriptor, true)
                        : JdkCall.of(Fields.TYPE, "closerFor", FileDescriptor.class)
                                .result(null, descriptor));
        Fields.CLEANER.put(socket, CleanerFactory.cleaner().register(socket, closer));
    }

    private static RawDescriptor open(SocketImpl socket, Object options) throws IOException {
        int port = Fields.LOCAL_PORT.getInt(socket);
        if (isServer(socket)) {
            InetAddress address = (InetAddress) Fields.ADDRESS.get(socket);
            SocketAddress local = port == 0 ? null : new InetSocketAddress(address, port);
            return Listener.open(null, local, options);
        }
        if (Fields.STATE.getInt(socket) == CONNECTING) {
            Fields.STATE.put(socket, UNCONNECTED);
        }
        SocketChannel donor = SocketChannel.open();
        if (port != 0) {
            donor.bind(new InetSocketAddress((InetAddress) Fields.ADDRESS.get(socket), port));
        }
        return EndPair.release(donor);
    }

    /** A field that tells streams from datagrams, of which later JDKs have only streams. */
    private static void completeForThisJdk(SocketImpl socket) {
        Slot stream = Slot.find(Fields.TYPE, "stream");
        if (stream != null) {
            stream.put(socket, true);
        }
    }

    private static boolean isServer(SocketImpl socket) {
        return Fields.SERVER.getBoolean(socket);
    }

    private static FileDescriptor descriptor(SocketImpl socket) {
        Object descriptor = Fields.DESCRIPTOR.get(socket);
        if (descriptor == null) {
            throw new IllegalStateException("the socket " + describe(socket) + " has no descriptor");
        }
        return (FileDescriptor) descriptor;
    }

    private static String describe(SocketImpl socket) {
        return (isServer(socket) ? "listening on port " : "from port ")
                + Fields.LOCAL_PORT.getInt(socket)
                + (isServer(socket) ? "" : " to " + Fields.ADDRESS.get(socket) + ":" + Fields.PORT.getInt(socket));
    }

    /** Resolved only where a program uses sockets. */
    private static final class Fields {
        static final Class<?> TYPE = JdkClass.of("sun.nio.ch.NioSocketImpl");
        static final Slot STATE = Slot.of(TYPE, "state");
        static final Slot SERVER = Slot.of(TYPE, "server");
        static final Slot CLEANER = Slot.of(TYPE, "cleaner");
        static final Slot NON_BLOCKING = Slot.of(TYPE, "nonBlocking");
        static final Slot DESCRIPTOR = Slot.of(SocketImpl.class, "fd");
        static final Slot ADDRESS = Slot.of(SocketImpl.class, "address");
        static final Slot PORT = Slot.of(SocketImpl.class, "port");
        static final Slot LOCAL_PORT = Slot.of(SocketImpl.class, "localport");

        private Fields() {}
    }
}
