package dev.ingot.core.jdk.io;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is known of sockets is read once, and again when it has changed. */
@Timeout(600)
class OpenSocketsTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final OpenSockets sockets = new OpenSockets();

    @Test
    void areReadAgainOnlyWhenBytesWereSent() throws Exception {
        TcpTable first = sockets.connections();

        assertThat(sockets.connections()).isSameAs(first);
        sockets.changed();
        assertThat(sockets.connections()).isNotSameAs(first);
    }

    @Test
    void knowBothEndsOfAConnectionWithinTheProcess() throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(ANY_PORT);
                SocketChannel client = SocketChannel.open(server.getLocalAddress());
                SocketChannel accepted = server.accept()) {
            String inode = inode(client);
            TcpTable.Row row = requireNonNull(sockets.connections().of(inode));
            TcpTable.Row peer = requireNonNull(sockets.connections().peerOf(row));

            assertThat(peer.inode()).isEqualTo(inode(accepted));
            assertThat(sockets.own(peer.inode())).isPresent();
            assertThat(sockets.own("no inode")).isEmpty();
        }
    }

    @Test
    void seeWhatIsUnderWayAfterBytesWerePutBack() throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(ANY_PORT);
                SocketChannel client = SocketChannel.open(server.getLocalAddress());
                SocketChannel accepted = server.accept()) {
            client.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
            accepted.write(ByteBuffer.wrap(new byte[] {4, 5}));

            Connection one = Connection.ofSocket(ChannelFields.number(client), sockets);
            Connection other = Connection.ofSocket(ChannelFields.number(accepted), sockets);

            assertThat((byte[]) one.inbound().toState()[0]).containsExactly(4, 5);
            assertThat((byte[]) one.outbound().toState()[0]).containsExactly(1, 2, 3);
            assertThat((byte[]) other.inbound().toState()[0]).containsExactly(1, 2, 3);
            assertThat((byte[]) other.outbound().toState()[0]).containsExactly(4, 5);
        }
    }

    private static String inode(SocketChannel channel) throws Exception {
        return OpenSockets.inode(Descriptor.of(ChannelFields.number(channel)).target());
    }
}
