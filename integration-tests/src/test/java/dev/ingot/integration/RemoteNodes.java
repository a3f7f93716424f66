package dev.ingot.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;

/** A pool with nodes that reach it by a port alone and share no directory with it or with each other. */
abstract class RemoteNodes extends LivePool {
    final Map<String, Process> remotes = new HashMap<>();
    String address = "";
    int port;

    @AfterEach
    void end() throws InterruptedException {
        for (Process remote : remotes.values()) {
            remote.destroyForcibly().waitFor();
        }
    }

    void listen() throws Exception {
        listen(0);
    }

    void listen(int nodes) throws Exception {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
            address = "127.0.0.1:" + port;
        }
        start(nodes, "--listen", address);
    }

    void restart() throws IOException {
        start(0, "--listen", address);
    }

    Path home(String name) {
        return pool.path().resolve("remote-" + name);
    }

    Path log(String name) {
        return directory.resolve("log-" + name);
    }

    Path token(String name) throws Exception {
        Path token = directory.resolve(name + ".token");
        Files.writeString(token, ingot("pool", "grant", name, "--role", "node").strip(), UTF_8);
        return token;
    }

    void join(String name, int at) throws Exception {
        address = "127.0.0.1:" + at;
        join(name);
    }

    /** @param options of {@code ingot node} beside the usual ones */
    void join(String name, String... options) throws Exception {
        join(name, Map.of(), options);
    }

    /** @param variables of the environment that its programs find as well */
    void join(String name, Map<String, String> variables, String... options) throws Exception {
        ProcessBuilder builder = node(name, token(name), options);
        builder.environment().putAll(variables);
        remotes.put(name, builder.start());
        await().atMost(LIMIT).until(() -> isAlive(name));
    }

    ProcessBuilder node(String name, Path token, String... options) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                "node",
                "--name",
                name,
                "--server",
                "http://" + address,
                "--token-file",
                token.toString(),
                "--directory",
                home(name).toString(),
                "--cores",
                "1",
                "--memory",
                "1g"));
        words.addAll(List.of(options));
        ProcessBuilder builder = command(words.toArray(String[]::new));
        builder.environment().remove("INGOT_POOL");
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log(name).toFile()));
    }

    Process remote(String name) {
        return Objects.requireNonNull(remotes.get(name));
    }
}
