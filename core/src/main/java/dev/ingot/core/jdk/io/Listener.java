package dev.ingot.core.jdk.io;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A socket that waits for connections, made again at its address. */
final class Listener {
    /** The program's own number is not kept anywhere; the kernel cuts this one to what it allows. */
    private static final int BACKLOG = 1024;

    private Listener() {}

    /** Opens one; {@code family} null is what the JVM prefers, {@code address} null leaves it unbound. */
    static RawDescriptor open(@Nullable ProtocolFamily family, @Nullable SocketAddress address, Object options)
            throws IOException {
        ServerSocketChannel channel = family == null ? ServerSocketChannel.open() : ServerSocketChannel.open(family);
        RawDescriptor socket = EndPair.release(channel);
        if (family != StandardProtocolFamily.UNIX) {
            SocketOptionState.restore(socket, SocketOptionState.OF_LISTENER, options);
        }
        if (address == null) {
            return socket;
        }
        try {
            if (address instanceof UnixDomainSocketAddress unix) {
                removeStale(unix);
            }
            channel.bind(address, BACKLOG);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** What to tell the user. */
    static String cannotListen(@Nullable SocketAddress address, IOException failure) {
        return "cannot listen on " + address + " again: " + failure.getMessage()
                + "; end whatever holds the address and resume again";
    }

    /** The file of a local socket outlives its process. */
    private static void removeStale(UnixDomainSocketAddress address) throws IOException {
        Path path = address.getPath();
        if (Files.exists(path) && !isListening(address)) {
            Files.delete(path);
        }
    }

    private static boolean isListening(UnixDomainSocketAddress address) {
        try (SocketChannel probe = SocketChannel.open(address)) {
            return probe.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }
}
