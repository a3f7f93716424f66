package dev.ingot.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ingot.scheduler.wire.PoolDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Schedulers that elect by etcd who runs the pool, each with a directory of its own in which only workloads' images are shared. */
class SuccessionIT extends LivePool {
    private final List<PoolDirectory> homes = new ArrayList<>();
    private final List<String> addresses = new ArrayList<>();
    private @Nullable EtcdServer etcd;
    private @Nullable Process node;

    @AfterEach
    void end() throws Exception {
        if (node != null) {
            node.destroyForcibly().waitFor();
        }
        if (etcd != null) {
            etcd.close();
        }
        for (PoolDirectory home : homes) {
            if (!home.equals(pool)) {
                PoolDirectory.delete(home.path());
            }
        }
    }

    @Test
    void aSchedulerThatIsKilledIsSucceededAndNobodyElseNotices() throws Exception {
        etcd = EtcdServer.start(directory);
        PoolDirectory.createOwned(pool.workloads());
        scheduler(pool);
        awaitNodes(0);
        Path token = directory.resolve("north.token");
        Files.writeString(
                token, ingot("pool", "grant", "north", "--role", "node").strip(), UTF_8);
        Path user = directory.resolve("alice.token");
        Files.writeString(
                user, ingot("pool", "grant", "alice", "--role", "admin").strip(), UTF_8);
        for (int i = 0; i < 2; i++) {
            PoolDirectory home = new PoolDirectory(Files.createTempDirectory(Path.of("/tmp"), "ingot-pool-"));
            Files.createSymbolicLink(home.workloads(), pool.workloads());
            scheduler(home);
        }
        await().atMost(LIMIT).until(() -> standbys() == 2);
        String servers = String.join(",", addresses);
        node = node(token, servers).start();
        await().atMost(LIMIT).until(() -> isAlive("north"));
        String id = submit("standard", "300ms");
        awaitImage(id);
        await().atMost(LIMIT).until(() -> etcdHasGrants());

        controls.get(0).destroyForcibly().waitFor();

        await().atMost(LIMIT).until(() -> !runningNow().equals(pool));
        ProcessBuilder second = asAlice(user, servers, "submit", "--", "java", "-version");
        String other = output(second).strip();
        assertThat(other).isEqualTo("java-2");
        pool = runningNow();
        await().atMost(LIMIT).until(() -> isAlive("north") && isRunning(id));
        assertThat(workload(id).epoch()).isEqualTo(1);
        brake.release();
        await().atMost(LIMIT).until(() -> workload(id).state().isEnded());
        assertThat(output(asAlice(user, servers, "logs", id)).lines()).containsExactlyElementsOf(wholeOutput());
        assertThat(workload(id).epoch()).isEqualTo(1);
        assertThat(Objects.requireNonNull(node).isAlive()).isTrue();
    }

    private void scheduler(PoolDirectory home) throws IOException {
        homes.add(home);
        String address;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = "127.0.0.1:" + free.getLocalPort();
        }
        addresses.add("http://" + address);
        ProcessBuilder builder = command(
                "up",
                "--nodes",
                "0",
                "--lease",
                lease,
                "--listen",
                address,
                "--standby",
                "--etcd",
                Objects.requireNonNull(etcd).uri().toString());
        builder.environment().put("INGOT_POOL", home.path().toString());
        controls.add(builder.redirectErrorStream(true)
                .redirectOutput(log(home).toFile())
                .start());
    }

    private Path log(PoolDirectory home) {
        return directory.resolve("control-" + home.path().getFileName());
    }

    private long standbys() throws IOException {
        long count = 0;
        for (PoolDirectory home : homes) {
            count += Files.readString(log(home)).contains("stands by") ? 1 : 0;
        }
        return count;
    }

    private boolean etcdHasGrants() throws IOException {
        return Files.readString(pool.access()).contains("alice")
                && new dev.ingot.scheduler.etcd.EtcdStorage(
                                        new dev.ingot.scheduler.etcd.EtcdClient(
                                                List.of(Objects.requireNonNull(etcd)
                                                        .uri()),
                                                null),
                                        "/ingot/",
                                        null)
                                .openToRead("access.json")
                                .size()
                        == Files.size(pool.access());
    }

    private PoolDirectory runningNow() throws IOException {
        for (PoolDirectory home : homes) {
            if (!home.equals(pool) && Files.readString(log(home)).contains("the pool is up")) {
                return home;
            }
        }
        return pool;
    }

    private ProcessBuilder asAlice(Path token, String servers, String... words) throws IOException {
        ProcessBuilder builder = command(words);
        builder.environment().remove("INGOT_POOL");
        builder.environment().put("INGOT_SERVER", servers);
        builder.environment().put("INGOT_TOKEN_FILE", token.toString());
        return builder;
    }

    private ProcessBuilder node(Path token, String servers) throws IOException {
        ProcessBuilder builder = asAlice(
                token,
                servers,
                "node",
                "--name",
                "north",
                "--directory",
                pool.path().resolve("remote-north").toString(),
                "--cores",
                "1",
                "--memory",
                "1g");
        return builder.redirectErrorStream(true)
                .redirectOutput(directory.resolve("log-north").toFile());
    }
}
