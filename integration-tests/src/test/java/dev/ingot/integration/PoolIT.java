package dev.ingot.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import dev.ingot.integration.program.Steps;
import dev.ingot.scheduler.pool.Event;
import dev.ingot.scheduler.pool.WorkloadState;
import dev.ingot.scheduler.pool.WorkloadView;
import dev.ingot.scheduler.wire.PoolClient;
import dev.ingot.scheduler.wire.PoolDirectory;
import dev.ingot.scheduler.wire.PoolException;
import dev.ingot.scheduler.wire.PoolJson;
import dev.ingot.testkit.Installation;
import dev.ingot.testkit.Jdk;
import dev.ingot.testkit.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A whole pool of real processes, directed by the command: whatever happens to it, programs write what they would have written. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class PoolIT {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir(factory = Trials.class, cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    // Sockets have short names, so not among the trials.
    private PoolDirectory pool = new PoolDirectory(Path.of("/tmp"));
    private Brake brake = new Brake(Path.of(""));
    /** Longer than this machine could ever be busy with something else, where no node is to be lost. */
    private String lease = "60s";

    private List<Process> controls = new ArrayList<>();

    @BeforeEach
    void prepare() throws IOException {
        pool = new PoolDirectory(Files.createTempDirectory(Path.of("/tmp"), "ingot-pool-"));
        brake = new Brake(directory.resolve("slow"));
        brake.pull();
    }

    @AfterEach
    void down() throws Exception {
        for (Process control : controls) {
            control.destroyForcibly();
        }
        List<ProcessHandle> nodes = nodes();
        nodes.forEach(ProcessHandle::destroyForcibly);
        await().until(() -> nodes.stream().noneMatch(ProcessHandle::isAlive));
        try (Stream<Path> files = Files.walk(pool.path())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    @Test
    void suspendsResumesAndMigrates() throws Exception {
        start();
        String id = submit("standard", "10m");
        awaitSteps(id);

        assertThat(ingot("pool", "suspend", id)).isEmpty();
        assertThat(workload(id).state()).isEqualTo(WorkloadState.HELD);
        assertThat(programs()).isEmpty();
        ingot("pool", "resume", id);
        String node = awaitRunning(id);
        String other = ingot("pool", "migrate", id).strip();
        assertThat(other).isNotEqualTo(node);
        assertThat(workload(id).node()).isEqualTo(other);
        ingot("pool", "drain", other);
        await().atMost(LIMIT).until(() -> node.equals(workload(id).node()) && isRunning(id));
        brake.release();

        assertEndsAsIfNothingHadHappened(id);
    }

    @Test
    void goesOnElsewhereWhenANodeIsKilled() throws Exception {
        lease = "3s";
        start();
        String id = submit("standard", "200ms");
        awaitImage(id);
        String node = awaitRunning(id);

        node(node).destroyForcibly();

        // Its programs end with it, before the pool knows.
        await().atMost(LIMIT).until(() -> programs().isEmpty());
        await().atMost(LIMIT).until(() -> !node.equals(workload(id).node()) && isRunning(id));
        brake.release();
        assertEndsAsIfNothingHadHappened(id);
        assertThat(workload(id).history().stream().map(Event::reason))
                .anyMatch(reason -> reason.equals("node " + node + " was lost; it goes on from its newest image"));
    }

    @Test
    void aNodeThatHangsRunsNothingAndGivesUpWhatItHadWhenItIsBack() throws Exception {
        lease = "3s";
        start();
        String id = submit("standard", "200ms");
        awaitImage(id);
        String node = awaitRunning(id);
        ProcessHandle hanging = node(node);
        ProcessHandle copy = programs().get(0);

        signal("STOP", hanging);
        await().atMost(LIMIT).until(() -> !node.equals(workload(id).node()) && isRunning(id));
        assertThat(state(copy)).isEqualTo("T");
        signal("CONT", hanging);

        await().atMost(LIMIT).until(() -> !copy.isAlive());
        await().atMost(LIMIT).until(() -> isAlive(node));
        assertThat(hanging.isAlive()).isTrue();
        brake.release();
        assertEndsAsIfNothingHadHappened(id);
    }

    @Test
    void noAcknowledgedSubmissionIsLostHoweverOftenTheControlProcessIsKilled() throws Exception {
        start();
        AtomicBoolean done = new AtomicBoolean();
        List<String> acknowledged = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> client = CompletableFuture.runAsync(() -> {
            while (!done.get()) {
                acknowledged.add(submitUntilAcknowledged("key " + acknowledged.size()));
            }
        });

        for (int kill = 0; kill < 3; kill++) {
            int before = acknowledged.size();
            await().atMost(LIMIT).until(() -> acknowledged.size() > before + 5);
            controls.get(controls.size() - 1).destroyForcibly().waitFor();
            start();
        }
        done.set(true);
        client.get();

        List<String> ids = client().get("/v1/workloads").objects("workloads").stream()
                .map(PoolIT::id)
                .toList();
        assertThat(ids).doesNotHaveDuplicates().containsExactlyElementsOf(acknowledged);
    }

    /** Of a workload that fits nowhere, so that the number of these does not matter. */
    private String submitUntilAcknowledged(String key) {
        String request = "{\"key\":\"" + key + "\",\"spec\":{\"name\":\"huge\",\"tier\":\"basic\",\"priority\":0,"
                + "\"needs\":{\"milliCores\":1000000,\"memoryMiB\":1},\"command\":[\"java\",\"Huge\"],"
                + "\"directory\":\"/\",\"environment\":{},\"checkpointMillis\":0}}";
        while (true) {
            try {
                return id(client().post("/v1/workloads", request));
            } catch (PoolException unacknowledged) {
                assertThat(unacknowledged.isUnreachable())
                        .as(unacknowledged.getMessage())
                        .isTrue();
            }
        }
    }

    private static String id(JsonObject workload) {
        try {
            return workload.string("id");
        } catch (JsonException malformed) {
            throw new AssertionError(malformed);
        }
    }

    private boolean isAlive(String name) throws Exception {
        for (JsonObject node : client().get("/v1/nodes").objects("nodes")) {
            if (node.string("name").equals(name)) {
                return node.flag("alive");
            }
        }
        return false;
    }

    private static void signal(String signal, ProcessHandle process) throws Exception {
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    /** The letter by which the kernel tells the state of a process. */
    private static String state(ProcessHandle process) throws IOException {
        String line = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
        return line.substring(line.lastIndexOf(')') + 2).substring(0, 1);
    }

    @Test
    void workloadsAndNodesDoNotNoticeAKillOfTheControlProcess() throws Exception {
        start();
        String id = submit("standard", "10m");
        awaitSteps(id);
        List<Long> programs = programs().stream().map(ProcessHandle::pid).toList();
        List<Long> nodes = nodes().stream().map(ProcessHandle::pid).toList();

        controls.get(0).destroyForcibly().waitFor();
        start();

        String late = submit("basic", "10m");
        awaitRunning(late);
        assertThat(workload(id).epoch()).isEqualTo(1);
        assertThat(programs().stream().map(ProcessHandle::pid)).containsAll(programs);
        await().atMost(LIMIT).until(() -> nodes().size() == nodes.size());
        assertThat(nodes().stream().map(ProcessHandle::pid)).containsExactlyInAnyOrderElementsOf(nodes);
        brake.release();
        assertEndsAsIfNothingHadHappened(id);
        assertEndsAsIfNothingHadHappened(late);
    }

    @Test
    void programsStandStillWhileTheControlProcessIsAwayForLongAndGoOnWhereTheyAre() throws Exception {
        lease = "3s";
        start();
        String id = submit("standard", "10m");
        awaitSteps(id);
        ProcessHandle program = programs().get(0);

        controls.get(0).destroyForcibly().waitFor();
        await().atMost(LIMIT).until(() -> state(program).equals("T"));
        start();

        await().atMost(LIMIT).until(() -> !state(program).equals("T"));
        assertThat(workload(id).epoch()).isEqualTo(1);
        brake.release();
        assertEndsAsIfNothingHadHappened(id);
    }

    @Test
    void premiumMakesBasicThenStandardWaitAndTheyGoOnByThemselves() throws Exception {
        start();
        String basic = submit("basic", "10m");
        String standard = submit("standard", "10m");
        awaitSteps(basic);
        awaitSteps(standard);

        String first = submit("premium", "10m");
        awaitSteps(first);
        assertThat(workload(basic).state()).isEqualTo(WorkloadState.QUEUED);
        assertThat(workload(standard).state()).isEqualTo(WorkloadState.RUNNING);
        assertThat(ingot("pool", "why", basic)).contains(first + " (PREMIUM)");
        String second = submit("premium", "10m");
        awaitSteps(second);
        assertThat(workload(standard).state()).isEqualTo(WorkloadState.QUEUED);
        brake.release();

        for (String id : List.of(first, second, standard, basic)) {
            assertEndsAsIfNothingHadHappened(id);
        }
    }

    @Test
    void stopsWithAllWorkloadsSuspendedAndGoesOnWhenItIsStartedAgain() throws Exception {
        start();
        String id = submit("standard", "10m");
        awaitSteps(id);

        controls.get(0).destroy();
        assertThat(controls.get(0).waitFor()).isZero();
        await().atMost(LIMIT).until(() -> nodes().isEmpty() && programs().isEmpty());
        start();
        awaitRunning(id);
        brake.release();

        assertEndsAsIfNothingHadHappened(id);
    }

    private void start() throws IOException {
        ProcessBuilder builder = command("up", "--nodes", "2", "--node-cores", "1", "--lease", lease);
        builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("control").toFile()));
        controls.add(builder.start());
        await().atMost(LIMIT)
                .ignoreExceptionsInstanceOf(PoolException.class)
                .until(() -> client().get("/v1/nodes").objects("nodes").stream().count() >= 2);
    }

    private ProcessBuilder command(String... arguments) {
        Installation installation = Installation.ofThisBuild();
        List<String> command = new ArrayList<>(List.of(installation.command().toString()));
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().put("INGOT_AGENT", installation.agent().toString());
        builder.environment().put("JAVA_HOME", Jdk.ofThisProcess().home().toString());
        builder.environment().put("INGOT_POOL", pool.path().toString());
        return builder;
    }

    /** What the command prints, and an error if it fails. */
    private String ingot(String... arguments) throws IOException, InterruptedException {
        return output(command(arguments));
    }

    private static String output(ProcessBuilder command) throws IOException, InterruptedException {
        Process process = command.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    /** Each in a directory of its own, where it keeps its diary. */
    private String submit(String tier, String every) throws IOException, InterruptedException {
        Program steps = brake.on(Program.of(Steps.class));
        List<String> words = new ArrayList<>(List.of("submit", "--tier", tier, "--every", every, "--"));
        words.add(Jdk.ofThisProcess().java().toString());
        words.addAll(steps.options());
        words.add(steps.main());
        Path home = Files.createTempDirectory(directory, "home");
        return output(command(words.toArray(String[]::new)).directory(home.toFile()))
                .strip();
    }

    private PoolClient client() {
        return new PoolClient(pool.socket(), LIMIT);
    }

    private WorkloadView workload(String id) throws Exception {
        return PoolJson.workload(client().get("/v1/workloads/" + id));
    }

    private boolean isRunning(String id) throws Exception {
        return workload(id).state() == WorkloadState.RUNNING;
    }

    private String awaitRunning(String id) throws Exception {
        await().atMost(LIMIT).until(() -> isRunning(id));
        return Objects.requireNonNull(workload(id).node());
    }

    private void awaitSteps(String id) throws Exception {
        awaitRunning(id);
        Path output = pool.output(id, workload(id).epoch());
        await().atMost(LIMIT).until(() -> Files.readString(output).contains("step 2"));
    }

    private void awaitImage(String id) {
        await().atMost(LIMIT).until(() -> workload(id).image() != null);
    }

    private void assertEndsAsIfNothingHadHappened(String id) throws Exception {
        String output = ingot("pool", "logs", "--follow", id);

        assertThat(output.lines()).as(id).containsExactlyElementsOf(wholeOutput());
        assertThat(workload(id).state()).isEqualTo(WorkloadState.FAILED);
        assertThat(workload(id).exitCode()).isEqualTo(3);
    }

    private ProcessHandle node(String name) {
        return nodes().stream()
                .filter(node -> arguments(node).contains(name))
                .findFirst()
                .orElseThrow();
    }

    private List<ProcessHandle> nodes() {
        return processes("dev.ingot.node.NodeDaemon", pool.path().toString());
    }

    private List<ProcessHandle> programs() {
        return processes(Steps.class.getName(), "-Dpace.slow=" + brake.file());
    }

    private static List<ProcessHandle> processes(String... words) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().command().orElse("").endsWith("/java"))
                .filter(process -> arguments(process).containsAll(List.of(words)))
                .toList();
    }

    private static List<String> arguments(ProcessHandle process) {
        return process.info().arguments().map(Arrays::asList).orElse(List.of());
    }

    private static List<String> wholeOutput() {
        List<String> lines = new ArrayList<>(List.of("initialised"));
        int sum = 0;
        for (int step = 1; step <= 60; step++) {
            sum += step;
            lines.add("step " + step + " sum " + sum);
        }
        lines.add("goodbye once");
        return lines;
    }
}
