package dev.ingot.core.jdk.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.core.heap.NotRestorableException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class SocketCodecsTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private static final InetAddress GROUP = group();

    private final SmallImage image = new SmallImage();

    @TempDir
    Path directory;

    private static InetAddress group() {
        try {
            return InetAddress.getByAddress(new byte[] {(byte) 239, 5, 6, 7});
        } catch (UnknownHostException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @Test
    void serverSocketListensOnItsPortAgain() throws Exception {
        byte[] taken;
        int port;
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            server.setSoTimeout(30_000);
            port = server.getLocalPort();
            taken = image.write(server);
        }
        try (ServerSocket restored = image.read(taken);
                Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
                Socket accepted = restored.accept()) {
            assertThat(restored.getLocalPort()).isEqualTo(port);
            assertThat(restored.getSoTimeout()).isEqualTo(30_000);
            client.getOutputStream().write(7);
            assertThat(accepted.getInputStream().read()).isEqualTo(7);
        }
    }

    @Test
    void serverChannelKeepsModeAndOptions() throws Exception {
        byte[] taken;
        InetSocketAddress address;
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.setOption(StandardSocketOptions.SO_RCVBUF, 4321);
            server.bind(ANY_PORT).configureBlocking(false);
            address = (InetSocketAddress) server.getLocalAddress();
            taken = image.write(server);
        }
        try (ServerSocketChannel restored = image.read(taken)) {
            assertThat(restored.getLocalAddress()).isEqualTo(address);
            assertThat(restored.isBlocking()).isFalse();
            assertThat(restored.accept()).isNull();
            assertThat(restored.getOption(StandardSocketOptions.SO_RCVBUF)).isEqualTo(4321);
        }
    }

    @Test
    void refusesAPortThatIsTakenByName() throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(ANY_PORT)) {
            byte[] taken = image.write(server);
            assertThatThrownBy(() -> image.read(taken))
                    .isInstanceOf(NotRestorableException.class)
                    .hasMessageContaining(String.valueOf(((InetSocketAddress) server.getLocalAddress()).getPort()));
        }
    }

    @Test
    void localListenerReplacesTheSocketFileItsProcessLeft() throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("s"));
        byte[] taken;
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(address);
            taken = image.write(server);
        }
        try (ServerSocketChannel restored = image.read(taken);
                SocketChannel client = SocketChannel.open(address);
                SocketChannel accepted = restored.accept()) {
            assertThat(client.isConnected()).isTrue();
            assertThat(accepted.isConnected()).isTrue();
        }
    }

    @Test
    void connectionToElsewhereReadsAsReset() throws Exception {
        try (OtherProcess other = OtherProcess.listening();
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), other.port());
                Socket restored = image.copy(socket)) {
            assertThat(restored.getPort()).isEqualTo(other.port());
            assertThat(restored.isConnected()).isTrue();
            InputStream in = restored.getInputStream();
            assertThatThrownBy(in::read).isInstanceOf(SocketException.class).hasMessageContaining("reset");
            assertThatThrownBy(() -> restored.getOutputStream().write(1)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void channelToElsewhereReadsAsReset() throws Exception {
        try (OtherProcess other = OtherProcess.listening();
                SocketChannel channel =
                        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), other.port()));
                SocketChannel restored = image.copy(channel)) {
            assertThatThrownBy(() -> restored.read(ByteBuffer.allocate(1)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("reset");
        }
    }

    @Test
    void bothEndsInTheImageStayConnectedWithTheBytesBetweenThem() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket accepted = server.accept()) {
            client.setTcpNoDelay(true);
            client.getOutputStream().write("to server".getBytes(StandardCharsets.US_ASCII));
            accepted.getOutputStream().write("to client".getBytes(StandardCharsets.US_ASCII));
            Object[] restored = image.copy(new Object[] {client, accepted});
            try (Socket clientAgain = (Socket) restored[0];
                    Socket acceptedAgain = (Socket) restored[1]) {
                assertThat(clientAgain.getTcpNoDelay()).isTrue();
                assertThat(clientAgain.getPort()).isEqualTo(client.getPort());
                assertThat(text(acceptedAgain, 9)).isEqualTo("to server");
                assertThat(text(clientAgain, 9)).isEqualTo("to client");
                clientAgain.getOutputStream().write(5);
                assertThat(acceptedAgain.getInputStream().read()).isEqualTo(5);
            }
            assertThat(text(accepted, 9)).as("the program that goes on").isEqualTo("to server");
            assertThat(text(client, 9)).isEqualTo("to client");
        }
    }

    @Test
    void halfClosedConnectionStaysHalfClosed() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket accepted = server.accept()) {
            client.shutdownOutput();
            assertThat(accepted.getInputStream().read()).isEqualTo(-1);
            Object[] restored = image.copy(new Object[] {accepted, client});
            try (Socket acceptedAgain = (Socket) restored[0];
                    Socket clientAgain = (Socket) restored[1]) {
                assertThat(clientAgain.isOutputShutdown()).isTrue();
                assertThat(acceptedAgain.getInputStream().read()).isEqualTo(-1);
                acceptedAgain.getOutputStream().write(9);
                assertThat(clientAgain.getInputStream().read()).isEqualTo(9);
            }
        }
    }

    @Test
    void connectionIsDescribedWhileItsEndIsNotAcknowledgedYet() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            for (int attempt = 0; attempt < 300; attempt++) {
                try (Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                        Socket accepted = server.accept()) {
                    client.shutdownOutput();
                    assertThat(image.write(new Object[] {accepted, client})).isNotEmpty();
                }
            }
        }
    }

    @Test
    void closedSocketsAndChannelsStayClosed() throws Exception {
        Socket socket = new Socket();
        socket.close();
        assertThat(image.copy(socket).isClosed()).isTrue();
        SocketChannel channel = SocketChannel.open();
        channel.close();
        SocketChannel restored = image.copy(channel);
        assertThatThrownBy(() -> restored.read(ByteBuffer.allocate(1))).isInstanceOf(ClosedChannelException.class);
        restored.close();
    }

    @Test
    void unconnectedSocketConnects() throws Exception {
        try (OtherProcess other = OtherProcess.listening();
                Socket socket = new Socket();
                Socket restored = image.copy(socket)) {
            restored.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), other.port()));
            assertThat(restored.isConnected()).isTrue();
        }
    }

    @Test
    void datagramChannelIsBoundAgain() throws Exception {
        byte[] taken;
        InetSocketAddress address;
        try (DatagramChannel channel = DatagramChannel.open()) {
            channel.bind(ANY_PORT);
            address = (InetSocketAddress) channel.getLocalAddress();
            taken = image.write(channel);
        }
        try (DatagramChannel restored = image.read(taken);
                DatagramChannel sender = DatagramChannel.open()) {
            sender.send(ByteBuffer.wrap(new byte[] {3}), address);
            ByteBuffer received = ByteBuffer.allocate(10);
            assertThat(restored.receive(received)).isNotNull();
            assertThat(received.get(0)).isEqualTo((byte) 3);
        }
    }

    @Test
    void datagramSocketIsBoundAgain() throws Exception {
        byte[] taken;
        int port;
        try (java.net.DatagramSocket socket = new java.net.DatagramSocket(ANY_PORT)) {
            port = socket.getLocalPort();
            taken = image.write(socket);
        }
        try (java.net.DatagramSocket restored = image.read(taken)) {
            assertThat(restored.getLocalPort()).isEqualTo(port);
            restored.setSoTimeout(20_000);
            restored.send(new java.net.DatagramPacket(new byte[] {4}, 1, InetAddress.getLoopbackAddress(), port));
            java.net.DatagramPacket received = new java.net.DatagramPacket(new byte[4], 4);
            restored.receive(received);
            assertThat(received.getData()[0]).isEqualTo((byte) 4);
        }
    }

    @Test
    void datagramChannelIsInItsGroupAgain() throws Exception {
        NetworkInterface loopback = NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress());
        byte[] taken;
        int port;
        try (DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET)) {
            channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, loopback);
            channel.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 0);
            channel.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, true);
            port = ((InetSocketAddress) channel.bind(new InetSocketAddress(0)).getLocalAddress()).getPort();
            MembershipKey key = channel.join(GROUP, loopback);
            key.block(InetAddress.getByName("127.0.0.7"));
            taken = image.write(new Object[] {channel, key});
        }
        Object[] read = image.read(taken);
        try (DatagramChannel restored = (DatagramChannel) read[0]) {
            MembershipKey key = (MembershipKey) read[1];
            assertThat(restored.getOption(StandardSocketOptions.IP_MULTICAST_IF))
                    .isEqualTo(loopback);
            assertThat(restored.getOption(StandardSocketOptions.IP_MULTICAST_TTL))
                    .isZero();
            assertThat(restored.join(GROUP, loopback)).isSameAs(key);
            restored.send(ByteBuffer.wrap(new byte[] {5}), new InetSocketAddress(GROUP, port));
            ByteBuffer received = ByteBuffer.allocate(10);
            assertThat(restored.receive(received)).isNotNull();
            assertThat(received.get(0)).isEqualTo((byte) 5);
            key.unblock(InetAddress.getByName("127.0.0.7"));
            key.drop();
            assertThat(key.isValid()).isFalse();
            assertThat(restored.join(GROUP, loopback).isValid()).isTrue();
        }
    }

    @Test
    void multicastSocketIsInItsGroupAgain() throws Exception {
        NetworkInterface loopback = NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress());
        byte[] taken;
        InetSocketAddress group;
        try (MulticastSocket socket = new MulticastSocket(0)) {
            group = new InetSocketAddress(GROUP, socket.getLocalPort());
            socket.setNetworkInterface(loopback);
            socket.setTimeToLive(0);
            socket.joinGroup(group, loopback);
            taken = image.write(socket);
        }
        try (MulticastSocket restored = image.read(taken)) {
            assertThat(restored.getTimeToLive()).isZero();
            restored.setSoTimeout(20_000);
            restored.send(new java.net.DatagramPacket(new byte[] {6}, 1, group));
            java.net.DatagramPacket received = new java.net.DatagramPacket(new byte[4], 4);
            restored.receive(received);
            assertThat(received.getData()[0]).isEqualTo((byte) 6);
            restored.leaveGroup(group, loopback);
        }
    }

    @Test
    void pipeKeepsWhatIsInIt() throws Exception {
        Pipe pipe = Pipe.open();
        pipe.sink().write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        Pipe restored = image.copy(pipe);
        ByteBuffer read = ByteBuffer.allocate(10);
        restored.sink().write(ByteBuffer.wrap(new byte[] {4}));
        while (read.position() < 4) {
            restored.source().read(read);
        }
        assertThat(read.array()).startsWith(1, 2, 3, 4);
        read.clear();
        assertThat(pipe.source().read(read)).as("the program that goes on").isEqualTo(3);
        restored.sink().close();
        assertThat(restored.source().read(read)).isEqualTo(-1);
    }

    @Test
    void selectorKnowsItsChannelsAgain() throws Exception {
        Pipe pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        try (Selector selector = Selector.open()) {
            SelectionKey key = pipe.source().register(selector, SelectionKey.OP_READ, "attached");
            assertThat(selector.selectNow()).isZero();
            Object[] restored = image.copy(new Object[] {selector, pipe, key});
            try (Selector selectorAgain = (Selector) restored[0]) {
                Pipe pipeAgain = (Pipe) restored[1];
                SelectionKey keyAgain = (SelectionKey) restored[2];
                assertThat(selectorAgain.selectNow()).isZero();
                pipeAgain.sink().write(ByteBuffer.wrap(new byte[1]));
                assertThat(selectorAgain.select(20_000)).isEqualTo(1);
                assertThat(selectorAgain.selectedKeys()).containsExactly(keyAgain);
                assertThat(keyAgain.isReadable()).isTrue();
                assertThat(keyAgain.attachment()).isEqualTo("attached");
                assertThat(keyAgain.channel()).isSameAs(pipeAgain.source());
                assertThat(pipeAgain.source().keyFor(selectorAgain)).isSameAs(keyAgain);
                keyAgain.cancel();
                assertThat(selectorAgain.selectNow()).isZero();
                assertThat(selectorAgain.keys()).isEmpty();
            }
        }
    }

    @Test
    void wakeupBeforeTheCheckpointWakesAfterIt() throws Exception {
        try (Selector selector = Selector.open()) {
            selector.wakeup();
            try (Selector restored = image.copy(selector)) {
                assertThat(restored.select(50_000)).isZero();
            }
        }
    }

    @Test
    void closedSelectorStaysClosed() throws Exception {
        Selector selector = Selector.open();
        selector.close();
        assertThat(image.copy(selector).isOpen()).isFalse();
    }

    private static String text(Socket socket, int length) throws IOException {
        return new String(socket.getInputStream().readNBytes(length), StandardCharsets.US_ASCII);
    }
}
