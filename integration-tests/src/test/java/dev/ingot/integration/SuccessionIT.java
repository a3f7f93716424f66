package dev.ingot.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ingot.scheduler.wire.PoolDirectory;
import dev.ingot.testkit.Relay;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Schedulers that elect by etcd who runs the pool, each with a directory of its own in which only workloads' images are shared. */
class SuccessionIT extends LivePool {
    private static final String LATE = "{\"command\":[\"java\",\"Late\"],\"name\":\"late\",\"directory\":\"/tmp\"}";

    private final Random random = new Random();
    private final List<PoolDirectory> homes = new ArrayList<>();
    private final List<String> addresses = new ArrayList<>();
    private List<EtcdServer> etcd = List.of();
    private @Nullable Process node;
    private Path user = Path.of("");

    @AfterEach
    void end() throws Exception {
        if (node != null) {
            node.destroyForcibly().waitFor();
        }
        etcd.forEach(EtcdServer::close);
        for (PoolDirectory home : homes) {
            if (!home.equals(pool)) {
                PoolDirectory.delete(home.path());
            }
        }
    }

    @Test
    void aSchedulerThatIsKilledIsSucceededAndNobodyElseNotices() throws Exception {
        String id = begin(1, 3, null);

        controls.get(0).destroyForcibly().waitFor();

        awaitSuccessor();
        String other = output(asAlice("submit", "--", "java", "-version")).strip();
        assertThat(other).isEqualTo("java-2");
        await().atMost(LIMIT).until(() -> isAlive("north") && isRunning(id));
        assertEndsInItsFirstEpoch(id);
    }

    /** As a paused virtual machine does: it has missed everything, and does not know that it has. */
    @Test
    void aSchedulerThatStoodStillWhileAnotherOneLedDoesNothingWhenItGoesOn() throws Exception {
        String id = begin(1, 2, null);
        ProcessHandle old = controls.get(0).toHandle();
        String address = addresses.get(0);

        signal("STOP", old);
        // What it is asked meanwhile, it finds when it goes on.
        List<CompletableFuture<Boolean>> late = List.of(
                accepts(address, "/v1/workloads", LATE), accepts(address, "/v1/workloads/" + id + "/cancel", ""));
        awaitSuccessor();
        assertThat(output(asAlice("submit", "--", "java", "-version")).strip()).isEqualTo("java-2");
        await().atMost(LIMIT).until(() -> isAlive("north") && isRunning(id));
        signal("CONT", old);

        await().atMost(LIMIT).until(() -> !old.isAlive());
        for (CompletableFuture<Boolean> each : late) {
            assertThat(each.join()).as("accepted by the old one").isFalse();
        }
        assertThat(client().get("/v1/workloads").objects("workloads"))
                .extracting(workload -> workload.string("id"))
                .containsExactly(id, "java-2");
        assertEndsInItsFirstEpoch(id);
    }

    @Test
    void theLossOfOneMemberOfEtcdIsNotNoticedAndWhoIsCutOffFromEtcdIsSucceeded() throws Exception {
        etcd = EtcdServer.start(directory, 3);
        try (Relay first = new Relay(etcd.get(0).uri().getPort());
                Relay second = new Relay(etcd.get(1).uri().getPort());
                Relay third = new Relay(etcd.get(2).uri().getPort())) {
            List<Relay> relays = List.of(first, second, third);
            String id = begin(3, 2, relays);

            // kill -9
            etcd.get(random.nextInt(etcd.size())).close();
            assertThat(output(asAlice("submit", "--", "java", "-version")).strip())
                    .isEqualTo("java-2");

            relays.forEach(Relay::cut);
            CompletableFuture<Boolean> late = accepts(addresses.get(0), "/v1/workloads", LATE);
            awaitSuccessor();
            assertThat(output(asAlice("submit", "--", "java", "-version")).strip())
                    .isEqualTo("java-3");
            for (Relay each : relays) {
                each.heal();
            }

            await().atMost(LIMIT).until(() -> !controls.get(0).isAlive());
            assertThat(late.join()).as("accepted by the old one").isFalse();
            await().atMost(LIMIT).until(() -> isAlive("north") && isRunning(id));
            assertThat(client().get("/v1/workloads").objects("workloads"))
                    .extracting(workload -> workload.string("id"))
                    .containsExactly(id, "java-2", "java-3");
            assertEndsInItsFirstEpoch(id);
        }
    }

    /** A pool whose first scheduler runs it, with a node and a workload that has an image; the workload's id. */
    private String begin(int members, int schedulers, @Nullable List<Relay> relays) throws Exception {
        if (etcd.isEmpty()) {
            etcd = EtcdServer.start(directory, members);
        }
        List<String> direct = etcd.stream().map(each -> each.uri().toString()).toList();
        PoolDirectory.createOwned(pool.workloads());
        scheduler(
                pool,
                relays == null
                        ? direct
                        : relays.stream()
                                .map(relay -> "http://127.0.0.1:" + relay.port())
                                .toList());
        awaitNodes(0);
        Path token = directory.resolve("north.token");
        Files.writeString(
                token, ingot("pool", "grant", "north", "--role", "node").strip(), UTF_8);
        user = directory.resolve("alice.token");
        Files.writeString(
                user, ingot("pool", "grant", "alice", "--role", "admin").strip(), UTF_8);
        for (int i = 1; i < schedulers; i++) {
            PoolDirectory home = new PoolDirectory(Files.createTempDirectory(Path.of("/tmp"), "ingot-pool-"));
            Files.createSymbolicLink(home.workloads(), pool.workloads());
            scheduler(home, direct);
        }
        await().atMost(LIMIT).until(() -> standbys() == schedulers - 1);
        node = node(token).start();
        await().atMost(LIMIT).until(() -> isAlive("north"));
        String id = submit("standard", "300ms");
        awaitImage(id);
        await().atMost(LIMIT).until(() -> etcdHasGrants());
        return id;
    }

    private void awaitSuccessor() throws IOException {
        await().atMost(LIMIT).until(() -> !runningNow().equals(pool));
        pool = runningNow();
    }

    private void assertEndsInItsFirstEpoch(String id) throws Exception {
        assertThat(workload(id).epoch()).isEqualTo(1);
        brake.release();
        await().atMost(LIMIT).until(() -> workload(id).state().isEnded());
        assertThat(output(asAlice("logs", id)).lines()).containsExactlyElementsOf(wholeOutput());
        assertThat(workload(id).epoch()).isEqualTo(1);
        assertThat(Objects.requireNonNull(node).isAlive()).isTrue();
    }

    /** Whether a scheduler accepts a request, some time. */
    private CompletableFuture<Boolean> accepts(String address, String path, String body) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + path))
                .header("Authorization", "Bearer " + Files.readString(user))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .sendAsync(request, BodyHandlers.discarding())
                .handle((answer, broken) -> answer != null && answer.statusCode() < 300);
    }

    private void scheduler(PoolDirectory home, List<String> etcds) throws IOException {
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
                String.join(",", etcds));
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
                                                etcd.stream()
                                                        .map(EtcdServer::uri)
                                                        .toList(),
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

    private ProcessBuilder asAlice(String... words) throws IOException {
        return as(user, words);
    }

    private ProcessBuilder as(Path token, String... words) throws IOException {
        ProcessBuilder builder = command(words);
        builder.environment().remove("INGOT_POOL");
        builder.environment().put("INGOT_SERVER", String.join(",", addresses));
        builder.environment().put("INGOT_TOKEN_FILE", token.toString());
        return builder;
    }

    private ProcessBuilder node(Path token) throws IOException {
        ProcessBuilder builder = as(
                token,
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
