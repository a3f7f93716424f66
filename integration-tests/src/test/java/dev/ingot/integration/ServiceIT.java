package dev.ingot.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ingot.core.json.JsonWriter;
import dev.ingot.integration.program.Greeter;
import dev.ingot.scheduler.pool.WorkloadState;
import dev.ingot.testkit.Jdk;
import dev.ingot.testkit.Program;
import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A service is reached at one address wherever it runs. */
class ServiceIT extends LivePool {
    private int entrance;

    @Test
    void callersFindAServiceThatMovesAndThatIsSuspended() throws Exception {
        start();
        String id = submitGreeter("10m");
        List<Integer> answers = new CopyOnWriteArrayList<>();
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<Void> caller = CompletableFuture.runAsync(() -> {
            while (!enough.get()) {
                answers.add(Integer.parseInt(call("/")));
            }
        });
        awaitMore(answers);
        String first = awaitRunning(id);

        ingot("pool", "migrate", id);
        awaitRunning(id);
        awaitMore(answers);
        assertThat(workload(id).node()).isNotEqualTo(first);
        ingot("pool", "suspend", id);
        assertThat(workload(id).state()).isEqualTo(WorkloadState.HELD);
        int before = answers.size();
        await().atMost(LIMIT).until(() -> ingot("describe", id).contains("1 connections, of which 1 wait"));
        ingot("pool", "resume", id);
        awaitMore(answers);
        enough.set(true);
        // No call has failed, and it is one program that has counted them.
        caller.join();
        assertThat(answers.size()).isGreaterThan(before);
        List<Integer> counted = new ArrayList<>();
        for (int call = 1; call <= answers.size(); call++) {
            counted.add(call);
        }
        assertThat(answers).isEqualTo(counted);

        assertThat(call("/end")).isEqualTo("bye");
        await().atMost(LIMIT).until(() -> workload(id).state() == WorkloadState.DONE);
        assertThat(ingot("pool", "ps", "--all", "--json")).contains("127.0.0.1:" + entrance);
    }

    @Test
    void whoCallsWhileANodeIsLostWaitsForTheNextCopy() throws Exception {
        lease = "3s";
        start();
        String id = submitGreeter("200ms");
        call("/");
        awaitImage(id);
        String node = awaitRunning(id);

        ProcessHandle killed = node(node);
        List<ProcessHandle> copies = processes(Greeter.class.getName());
        killed.destroyForcibly();
        await().atMost(LIMIT).until(() -> copies.stream().noneMatch(ProcessHandle::isAlive));

        assertThat(Integer.parseInt(call("/"))).isPositive();
        assertThat(workload(id).node()).isNotEqualTo(node);
        assertThat(call("/end")).isEqualTo("bye");
    }

    @Test
    void callersReachAnyMemberOfAGangAndEachAloneAlsoBehindASuspension() throws Exception {
        start();
        int ports = twoFree();
        int members = twoFree();
        entrance = twoFree();
        Program greeter = Program.of(Greeter.class, Integer.toString(ports));
        List<String> command =
                new ArrayList<>(List.of(Jdk.ofThisProcess().java().toString()));
        command.addAll(greeter.options());
        command.add(greeter.main());
        command.addAll(greeter.arguments());
        Path description = directory.resolve("gang.json");
        Files.writeString(
                description,
                JsonWriter.compact()
                        .member("command", command)
                        .member("gang", 2)
                        .list("services")
                        .element()
                        .member("name", "http")
                        .member("port", ports)
                        .member("address", entrance)
                        .member("members", members)
                        .member("step", 1)
                        .end()
                        .endList()
                        .finish());
        String first = ingot("submit", "-f", description.toString()).strip();
        String second = first + ".1";
        awaitRunning(first);
        awaitRunning(second);

        Set<String> reached = new TreeSet<>();
        await().atMost(LIMIT).until(() -> {
            reached.add(call("/member"));
            return reached.size() == 2;
        });
        assertThat(call(members, "/member")).isEqualTo("0");
        assertThat(call(members + 1, "/member")).isEqualTo("1");
        assertThat(call(members + 1, "/")).isEqualTo("1");
        assertThat(ingot("describe", second))
                .contains("http: port " + (ports + 1) + ", reached at 127.0.0.1:" + entrance)
                .contains("http.1: port " + (ports + 1) + ", reached at 127.0.0.1:" + (members + 1));

        ingot("pool", "suspend", first);
        CompletableFuture<String> waits = CompletableFuture.supplyAsync(() -> call("/member"));
        await().atMost(LIMIT).until(() -> ingot("describe", first).contains("1 connections, of which 1 wait"));
        ingot("pool", "resume", second);

        assertThat(waits.join()).isIn("0", "1");
        assertThat(call(members + 1, "/")).isEqualTo("2");
        assertThat(call(members, "/end")).isEqualTo("bye");
        await().atMost(LIMIT).until(() -> workload(first).state() == WorkloadState.DONE);
        // Who is left has all of them.
        assertThat(List.of(call("/member"), call("/member"), call("/member"))).containsOnly("1");
        assertThat(call("/end")).isEqualTo("bye");
        await().atMost(LIMIT).until(() -> workload(second).state() == WorkloadState.DONE);
    }

    /** The first of two ports next to each other that nobody has. */
    private static int twoFree() throws IOException {
        while (true) {
            try (ServerSocket one = new ServerSocket(0);
                    ServerSocket other = new ServerSocket(one.getLocalPort() + 1)) {
                return Math.min(one.getLocalPort(), other.getLocalPort());
            } catch (BindException taken) {
                // Somebody has the second one.
            }
        }
    }

    private static void awaitMore(List<Integer> answers) {
        int now = answers.size();
        await().atMost(LIMIT).until(() -> answers.size() > now + 5);
    }

    /** Each call has a connection of its own. */
    private String call(String path) {
        return call(entrance, path);
    }

    private static String call(int port, String path) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .timeout(LIMIT)
                    .build();
            return HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(10))
                    .build()
                    .send(request, BodyHandlers.ofString())
                    .body();
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException("a call has failed", failed);
        }
    }

    private String submitGreeter(String every) throws IOException, InterruptedException {
        int port;
        try (ServerSocket one = new ServerSocket(0);
                ServerSocket other = new ServerSocket(0)) {
            entrance = one.getLocalPort();
            port = other.getLocalPort();
        }
        Program greeter = Program.of(Greeter.class, Integer.toString(port));
        List<String> words =
                new ArrayList<>(List.of("submit", "--every", every, "--service", entrance + ":" + port, "--"));
        words.add(Jdk.ofThisProcess().java().toString());
        words.addAll(greeter.options());
        words.add(greeter.main());
        words.addAll(greeter.arguments());
        return ingot(words.toArray(String[]::new)).strip();
    }
}
