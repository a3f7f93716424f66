package dev.ingot.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import dev.ingot.integration.program.Ledger;
import dev.ingot.scheduler.pool.ImageReference;
import dev.ingot.scheduler.pool.OutputPart;
import dev.ingot.scheduler.pool.WorkloadState;
import dev.ingot.scheduler.pool.WorkloadView;
import dev.ingot.scheduler.wire.PoolDirectory;
import dev.ingot.scheduler.wire.PoolException;
import dev.ingot.scheduler.wire.PoolJson;
import dev.ingot.testkit.Jdk;
import dev.ingot.testkit.Program;
import dev.ingot.testkit.Relay;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A pool to which everything happens at random instants: its control process, its nodes and its programs are killed, nodes lose their disks,
 * stand still and are cut off. What the world outside saw of each program is checked at the end. {@code -Dingot.faults.seconds=N} has it
 * go on for longer, {@code -Dingot.faults.seed=N} makes the same choices again.
 */
class FaultHistoryIT extends LivePool {
    private static final int SECONDS = Integer.getInteger("ingot.faults.seconds", 30);
    private static final long SEED = Long.getLong("ingot.faults.seed", System.nanoTime());
    private static final List<String> REMOTES = List.of("north", "south");
    private static final int WORKLOADS = 3;

    private final Random random = new Random(SEED);
    private final Map<String, Process> remotes = new HashMap<>();
    private final Map<String, Path> homes = new HashMap<>();
    private final Map<String, Long> imageAtKill = new HashMap<>();
    private final List<String> done = new ArrayList<>();
    private int port;

    @AfterEach
    void end() throws InterruptedException {
        for (Process remote : remotes.values()) {
            remote.destroyForcibly().waitFor();
        }
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void whateverHappensNothingRunsTwiceNothingIsLostAndEverythingEndsOnce() throws Exception {
        lease = "3s";
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        up();
        try (Relay relay = new Relay(port)) {
            for (String name : REMOTES) {
                Path token = directory.resolve(name + ".token");
                Files.writeString(
                        token, ingot("pool", "grant", name, "--role", "node").strip(), UTF_8);
                join(name, relay);
            }
            awaitNodes(1 + REMOTES.size());
            for (int number = 0; number < WORKLOADS; number++) {
                submitOnce("key " + number);
            }
            Watch watch = new Watch();
            watch.start();

            long until = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
            while (System.nanoTime() < until) {
                fault(relay);
            }
            for (Path home : homes.values()) {
                finish(home);
            }
            for (String id : homes.keySet()) {
                await().atMost(LIMIT)
                        .ignoreExceptionsInstanceOf(PoolException.class)
                        .until(() -> workload(id).state().isEnded());
            }
            watch.end();
        }

        for (Map.Entry<String, Path> each : homes.entrySet()) {
            check(each.getKey(), each.getValue());
        }
        assertThat(client().get("/v1/workloads").objects("workloads")).hasSize(WORKLOADS);
    }

    /** Every process of that program, whatever step it goes on from, is to end with the same one. */
    private static void finish(Path home) throws IOException {
        Path ledger = home.resolve("ledger");
        int soFar = Files.exists(ledger)
                ? ProgressHistory.parse(Files.readAllLines(ledger)).lastStep()
                : 0;
        Path fresh = Files.writeString(home.resolve("fresh"), Integer.toString(soFar + 300));
        Files.move(fresh, home.resolve("finish"), StandardCopyOption.ATOMIC_MOVE);
    }

    private void check(String id, Path home) throws Exception {
        String what = id + ", seed " + SEED + ", after " + done;
        ProgressHistory history = ProgressHistory.parse(Files.readAllLines(home.resolve("ledger")));
        assertThat(history.violations()).as(what).isEmpty();
        WorkloadView view = workload(id);
        assertThat(view.state()).as(what).isEqualTo(WorkloadState.DONE);
        assertThat(view.history().stream().filter(event -> event.state().isEnded()))
                .as(what)
                .hasSize(1);
        List<String> lines = ingot("logs", id).lines().toList();
        Files.write(home.resolve("logs"), lines);
        int last = Integer.parseInt(Files.readString(home.resolve("finish")));
        assertThat(history.lastStep()).as(what).isEqualTo(last);
        List<String> expected = new ArrayList<>();
        for (int step = 1; step <= last; step++) {
            expected.add("step " + step);
        }
        expected.add("end");
        assertThat(differences(lines, expected)).as(what).isEmpty();
    }

    /** Where they begin to differ, which is all that a reader of thousands of lines wants to see. */
    private static List<String> differences(List<String> lines, List<String> expected) {
        int same = 0;
        while (same < Math.min(lines.size(), expected.size()) && lines.get(same).equals(expected.get(same))) {
            same++;
        }
        List<String> differences = new ArrayList<>();
        lines.stream().skip(same).limit(5).forEach(line -> differences.add("is: " + line));
        expected.stream().skip(same).limit(5).forEach(line -> differences.add("should be: " + line));
        return differences;
    }

    /* ---- What happens ---- */

    private void fault(Relay relay) throws Exception {
        TimeUnit.MILLISECONDS.sleep(500 + random.nextInt(2000));
        String name = REMOTES.get(random.nextInt(REMOTES.size()));
        switch (random.nextInt(6)) {
            case 0 -> {
                note("kill of the control process");
                controls.get(controls.size() - 1).destroyForcibly().waitFor();
                // Sometimes so long that leases run out.
                TimeUnit.MILLISECONDS.sleep(random.nextInt(2) * 5000L);
                up();
            }
            case 1 -> {
                note("kill of node " + name + " with its disk");
                remote(name).destroyForcibly().waitFor();
                PoolDirectory.delete(nodeHome(name));
                join(name, relay);
            }
            case 2 -> {
                note("node " + name + " stands still");
                signal("STOP", remote(name).toHandle());
                TimeUnit.MILLISECONDS.sleep(random.nextInt(8000));
                signal("CONT", remote(name).toHandle());
            }
            case 3 -> {
                note("remote nodes are cut off");
                relay.cut();
                TimeUnit.MILLISECONDS.sleep(random.nextInt(8000));
                relay.heal();
            }
            case 4 -> {
                note("kill of node1");
                nodes().forEach(ProcessHandle::destroyForcibly);
                controls.get(controls.size() - 1).destroyForcibly().waitFor();
                up();
            }
            default -> killAProgram();
        }
    }

    private void note(String fault) throws IOException {
        done.add(fault);
        Files.writeString(
                directory.resolve("faults"), fault + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** One that has an image since its last kill: who is killed again and again without one is held, which is not what is tested here. */
    private void killAProgram() throws Exception {
        for (String id : homes.keySet()) {
            try {
                ImageReference image = workload(id).image();
                long sequence = image == null ? 0 : image.sequence();
                if (sequence > imageAtKill.getOrDefault(id, 0L)) {
                    note("kill of " + id);
                    imageAtKill.put(id, sequence);
                    processes(Ledger.class.getName()).stream()
                            .filter(process -> arguments(process).stream().anyMatch(word -> word.contains(id)))
                            .forEach(ProcessHandle::destroyForcibly);
                    return;
                }
            } catch (PoolException away) {
                assertThat(away.isUnreachable()).as(away.getMessage()).isTrue();
            }
        }
    }

    private void up() throws IOException {
        start(1, "--listen", "127.0.0.1:" + port);
    }

    private Path nodeHome(String name) {
        return pool.path().resolve("remote-" + name);
    }

    private Process remote(String name) {
        return Objects.requireNonNull(remotes.get(name));
    }

    private void join(String name, Relay relay) throws IOException {
        ProcessBuilder builder = command(
                "node",
                "--name",
                name,
                "--server",
                "http://127.0.0.1:" + relay.port(),
                "--token-file",
                directory.resolve(name + ".token").toString(),
                "--directory",
                nodeHome(name).toString(),
                "--cores",
                "1",
                "--memory",
                "1g");
        builder.environment().remove("INGOT_POOL");
        Path log = directory.resolve("log-" + name);
        remotes.put(
                name,
                builder.redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start());
    }

    private void submitOnce(String key) throws Exception {
        Path home = Files.createTempDirectory(directory, "home");
        Program program = Program.of(Ledger.class);
        List<String> words = new ArrayList<>(List.of(Jdk.ofThisProcess().java().toString()));
        words.addAll(program.options());
        words.add(program.main());
        String command = words.stream()
                .map(word -> "\"" + word + "\"")
                .reduce((a, b) -> a + "," + b)
                .orElse("");
        String request = "{\"name\":\"ledger\",\"checkpointEvery\":\"300ms\",\"directory\":\"" + home
                + "\",\"command\":[" + command + "]}";
        homes.put(client().postOnce(key, "/v1/workloads", request).string("id"), home);
    }

    /** Enters into each ledger what the pool says that images cover: from then on that must not be done again. */
    private final class Watch extends Thread {
        private volatile boolean over;

        Watch() {
            super("watch");
            setDaemon(true);
        }

        @Override
        public void run() {
            while (!over) {
                homes.forEach(this::look);
            }
        }

        private void look(String id, Path home) {
            try {
                TimeUnit.MILLISECONDS.sleep(50);
                JsonObject json = client().get("/v1/workloads/" + id);
                WorkloadView view = PoolJson.workload(json);
                long bytes =
                        view.output().stream().mapToLong(OutputPart::length).sum();
                int covered = stepsIn(bytes);
                if (covered > 0 && !view.state().isEnded()) {
                    Files.writeString(home.resolve("ledger"), "0 " + covered + "\n", StandardOpenOption.APPEND);
                }
            } catch (PoolException | IOException away) {
                // The control process is dead for now, or nothing was done yet.
            } catch (JsonException malformed) {
                throw new AssertionError(malformed);
            } catch (InterruptedException stop) {
                over = true;
            }
        }

        void end() throws InterruptedException {
            over = true;
            join();
        }
    }

    /** How many whole lines 'step N' so many bytes are. */
    static int stepsIn(long bytes) {
        long left = bytes;
        int steps = 0;
        while (left >= "step \n".length() + Integer.toString(steps + 1).length()) {
            steps++;
            left -= "step \n".length() + Integer.toString(steps).length();
        }
        return steps;
    }
}
