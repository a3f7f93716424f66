package dev.ingot.core.jdk.io;

import dev.ingot.core.jdk.access.JdkClass;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.SocketOption;
import jdk.internal.access.JavaIOFileDescriptorAccess;
import jdk.internal.access.SharedSecrets;
import org.jspecify.annotations.Nullable;

/** A descriptor's number and what can be done to it, whichever object of the program it belongs to. Never closed by itself. */
final class RawDescriptor {
    private static final int SHUT_WRITE = 1;
    private static final int NON_BLOCKING = 04000;
    private static final JavaIOFileDescriptorAccess ACCESS = SharedSecrets.getJavaIOFileDescriptorAccess();

    private final int number;
    private final FileDescriptor view = new FileDescriptor();

    RawDescriptor(int number) {
        this.number = number;
        ACCESS.set(view, number);
    }

    /** The number that {@code descriptor} holds, negative once closed. */
    static int number(FileDescriptor descriptor) {
        return ACCESS.get(descriptor);
    }

    int number() {
        return number;
    }

    /** Makes {@code descriptor}, which is closed, hold this number. */
    void lendTo(FileDescriptor descriptor) {
        ACCESS.set(descriptor, number);
    }

    void setBlocking(boolean blocking) throws IOException {
        Calls.CONFIGURE_BLOCKING.call(null, view, blocking);
    }

    /** Reads what has arrived already. */
    byte[] readArrived() throws IOException {
        // Closing the stream would close the descriptor; without a cleanup it does not when it becomes unreachable.
        FileInputStream in = new FileInputStream(view);
        byte[] arrived = new byte[in.available()];
        int taken = 0;
        while (taken < arrived.length) {
            int more = in.read(arrived, taken, arrived.length - taken);
            if (more < 0) {
                throw new IOException("descriptor " + number + " ended " + (arrived.length - taken)
                        + " bytes before what it said was available");
            }
            taken += more;
        }
        return arrived;
    }

    int arrived() throws IOException {
        return new FileInputStream(view).available();
    }

    void write(byte[] bytes) throws IOException {
        if (bytes.length == 0) {
            return;
        }
        boolean blocking = (Descriptor.of(number).flags() & NON_BLOCKING) == 0;
        setBlocking(true);
        try {
            new FileOutputStream(view).write(bytes);
        } finally {
            setBlocking(blocking);
        }
    }

    void shutdownOutput() throws IOException {
        Calls.SHUTDOWN.call(null, view, SHUT_WRITE);
    }

    @Nullable Object option(SocketOption<?> option) throws IOException {
        return Calls.GET_OPTION.call(null, view, option);
    }

    void setOption(SocketOption<?> option, Object value) throws IOException {
        Calls.SET_OPTION.call(null, view, option, value);
    }

    void close() throws IOException {
        Calls.CLOSE.call(view);
    }

    /** Resolved only where a program uses sockets. */
    private static final class Calls {
        private static final Class<?> NET = JdkClass.of("sun.nio.ch.Net");
        static final JdkCall CONFIGURE_BLOCKING =
                JdkCall.of(JdkClass.of("sun.nio.ch.IOUtil"), "configureBlocking", FileDescriptor.class, boolean.class);
        static final JdkCall SHUTDOWN = JdkCall.of(NET, "shutdown", FileDescriptor.class, int.class);
        static final JdkCall GET_OPTION = JdkCall.of(NET, "getSocketOption", FileDescriptor.class, SocketOption.class);
        static final JdkCall SET_OPTION =
                JdkCall.of(NET, "setSocketOption", FileDescriptor.class, SocketOption.class, Object.class);
        static final JdkCall CLOSE = JdkCall.of(FileDescriptor.class, "close");

        private Calls() {}
    }
}
