package dev.ingot.core.jdk.io;

import dev.ingot.core.jdk.access.Slot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Two connected descriptors of this process.
 *
 * @param first one end; of a pipe, the one that is read
 * @param second the other end
 */
record EndPair(RawDescriptor first, RawDescriptor second) {

    static EndPair pipe() throws IOException {
        Pipe pipe = Pipe.open();
        return new EndPair(release(pipe.source()), release(pipe.sink()));
    }

    static EndPair tcp() throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
            return connect(SocketChannel.open(), listener);
        }
    }

    static EndPair unix() throws IOException {
        Path directory = Files.createTempDirectory("ingot-pair-");
        Path meeting = directory.resolve("s");
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(meeting), 1);
            return connect(SocketChannel.open(StandardProtocolFamily.UNIX), listener);
        } finally {
            Files.deleteIfExists(meeting);
            Files.delete(directory);
        }
    }

    private static EndPair connect(SocketChannel client, ServerSocketChannel listener) throws IOException {
        client.connect(listener.getLocalAddress());
        return new EndPair(release(client), release(listener.accept()));
    }

    EndPair swapped() {
        return new EndPair(second, first);
    }

    /** Ends the second end so that the first meets what a broken network leaves: a reset. */
    void breakOff(boolean tcp) throws IOException {
        if (tcp) {
            second.setOption(StandardSocketOptions.SO_LINGER, 0);
        } else {
            // A local socket is reset by an end that goes without having read everything.
            first.write(new byte[1]);
        }
        second.close();
    }

    /** The descriptor of a channel that will not be used any more; channels have no finalizer that would close it. */
    static RawDescriptor release(Channel channel) {
        return new RawDescriptor(Slot.of(channel.getClass(), "fdVal").getInt(channel));
    }
}
