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
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A member of an etcd of this machine's own; often the only one. */
final class EtcdServer implements AutoCloseable {
    private static final String REQUIRED = "INGOT_ETCD_REQUIRED";
    private static final Path COMMAND = Path.of("/usr/bin/etcd");

    private final Process process;
    private final URI uri;

    private EtcdServer(Process process, URI uri) {
        this.process = process;
        this.uri = uri;
    }

    /** Starts an etcd of one member; without etcd on this machine the test is left out, unless it must not be. */
    static EtcdServer start(Path directory) throws IOException {
        return start(directory, 1).get(0);
    }

    /** Starts one of several members. */
    static List<EtcdServer> start(Path directory, int members) throws IOException {
        assumeTrue(
                Files.isExecutable(COMMAND) || System.getenv(REQUIRED) != null,
                "no " + COMMAND + ": pools with their journal in etcd are not tested");
        List<String> peers = new ArrayList<>();
        for (int number = 0; number < members; number++) {
            peers.add("http://127.0.0.1:" + freePort());
        }
        String cluster = IntStream.range(0, members)
                .mapToObj(number -> "etcd" + number + "=" + peers.get(number))
                .collect(Collectors.joining(","));
        List<EtcdServer> servers = new ArrayList<>();
        for (int number = 0; number < members; number++) {
            servers.add(start(directory, "etcd" + number, peers.get(number), cluster));
        }
        servers.forEach(server -> await().atMost(Duration.ofMinutes(2)).until(server::answers));
        return servers;
    }

    private static EtcdServer start(Path directory, String name, String peers, String cluster) throws IOException {
        URI clients = URI.create("http://127.0.0.1:" + freePort());
        Process process = new ProcessBuilder(List.of(
                        COMMAND.toString(),
                        "--name",
                        name,
                        "--data-dir",
                        directory.resolve(name).toString(),
                        "--listen-client-urls",
                        clients.toString(),
                        "--advertise-client-urls",
                        clients.toString(),
                        "--listen-peer-urls",
                        peers,
                        "--initial-advertise-peer-urls",
                        peers,
                        "--initial-cluster",
                        cluster))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".log").toFile())
                .start();
        return new EtcdServer(process, clients);
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), uri.getPort())) {
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
