package dev.ingot.integration;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** An etcd of one member, of this machine's own. */
final class EtcdServer implements AutoCloseable {
    private static final String REQUIRED = "INGOT_ETCD_REQUIRED";
    private static final Path COMMAND = Path.of("/usr/bin/etcd");

    private final Process process;
    private final URI uri;

    private EtcdServer(Process process, URI uri) {
        this.process = process;
        this.uri = uri;
    }

    /** Starts one; without etcd on this machine the test is left out, unless it must not be. */
    static EtcdServer start(Path directory) throws IOException {
        assumeTrue(
                Files.isExecutable(COMMAND) || System.getenv(REQUIRED) != null,
                "no " + COMMAND + ": pools with their journal in etcd are not tested");
        int port = freePort();
        URI clients = URI.create("http://127.0.0.1:" + port);
        String peers = "http://127.0.0.1:" + freePort();
        Process process = new ProcessBuilder(List.of(
                        COMMAND.toString(),
                        "--data-dir",
                        directory.resolve("etcd").toString(),
                        "--listen-client-urls",
                        clients.toString(),
                        "--advertise-client-urls",
                        clients.toString(),
                        "--listen-peer-urls",
                        peers,
                        "--initial-advertise-peer-urls",
                        peers,
                        "--initial-cluster",
                        "default=" + peers))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("etcd.log").toFile())
                .start();
        EtcdServer server = new EtcdServer(process, clients);
        await().atMost(Duration.ofMinutes(2)).until(() -> server.answers(port));
        return server;
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private boolean answers(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Where clients reach it. */
    URI uri() {
        return uri;
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
