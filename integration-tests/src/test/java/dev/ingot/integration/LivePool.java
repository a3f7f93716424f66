package dev.ingot.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ingot.core.json.JsonObject;
import dev.ingot.integration.program.Steps;
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
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A pool of real processes on this machine, for tests of it; all of them end with the test. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
abstract class LivePool {
    static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir(factory = Trials.class, cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    // Sockets have short names, so not among the trials.
    PoolDirectory pool = new PoolDirectory(Path.of("/tmp"));
    Brake brake = new Brake(Path.of(""));
    /** Longer than this machine could ever be busy with something else, where no node is to be lost. */
    String lease = "60s";

    List<Process> controls = new ArrayList<>();

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
        await().atMost(Duration.ofMinutes(2)).until(() -> nodes.stream().noneMatch(ProcessHandle::isAlive));
        try (Stream<Path> files = Files.walk(pool.path())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    void start() throws IOException {
        start(2);
    }

    /** @param options of {@code ingot up} beside the usual ones */
    void start(int nodes, String... options) throws IOException {
        List<String> words = new ArrayList<>(
                List.of("up", "--nodes", Integer.toString(nodes), "--node-cores", "1", "--lease", lease));
        words.addAll(Arrays.asList(options));
        ProcessBuilder builder = command(words.toArray(String[]::new));
        builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("control").toFile()));
        controls.add(builder.start());
        awaitNodes(nodes);
    }

    /** Until so many have joined, be they lost again or not. */
    void awaitNodes(int count) {
        await().atMost(LIMIT)
                .ignoreExceptionsInstanceOf(PoolException.class)
                .until(() -> client().get("/v1/nodes").objects("nodes").stream().count() >= count);
    }

    ProcessBuilder command(String... arguments) {
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
    String ingot(String... arguments) throws IOException, InterruptedException {
        return output(command(arguments));
    }

    static String output(ProcessBuilder command) throws IOException, InterruptedException {
        Process process = command.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    /** Each in a directory of its own, where it keeps its diary. */
    String submit(String tier, String every) throws IOException, InterruptedException {
        Program steps = brake.on(Program.of(Steps.class));
        List<String> words = new ArrayList<>(List.of("submit", "--tier", tier, "--every", every, "--"));
        words.add(Jdk.ofThisProcess().java().toString());
        words.addAll(steps.options());
        words.add(steps.main());
        Path home = Files.createTempDirectory(directory, "home");
        return output(command(words.toArray(String[]::new)).directory(home.toFile()))
                .strip();
    }

    PoolClient client() {
        return new PoolClient(pool.socket(), LIMIT);
    }

    WorkloadView workload(String id) throws Exception {
        return PoolJson.workload(client().get("/v1/workloads/" + id));
    }

    boolean isRunning(String id) throws Exception {
        return workload(id).state() == WorkloadState.RUNNING;
    }

    String awaitRunning(String id) throws Exception {
        await().atMost(LIMIT).until(() -> isRunning(id));
        return Objects.requireNonNull(workload(id).node());
    }

    void awaitSteps(String id) throws Exception {
        awaitRunning(id);
        Path output = pool.output(id, workload(id).epoch());
        await().atMost(LIMIT)
                .until(() -> Files.exists(output) && Files.readString(output).contains("step 2"));
    }

    void awaitImage(String id) {
        await().atMost(LIMIT).until(() -> workload(id).image() != null);
    }

    void assertEndsAsIfNothingHadHappened(String id) throws Exception {
        String output = ingot("pool", "logs", "--follow", id);

        assertThat(output.lines()).as(id).containsExactlyElementsOf(wholeOutput());
        assertThat(workload(id).state()).isEqualTo(WorkloadState.FAILED);
        assertThat(workload(id).exitCode()).isEqualTo(3);
    }

    ProcessHandle node(String name) {
        return nodes().stream()
                .filter(node -> arguments(node).contains(name))
                .findFirst()
                .orElseThrow();
    }

    List<ProcessHandle> nodes() {
        return processes("dev.ingot.node.NodeDaemon", pool.path().toString());
    }

    List<ProcessHandle> programs() {
        return processes(Steps.class.getName(), "-Dpace.slow=" + brake.file());
    }

    static List<ProcessHandle> processes(String... words) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().command().orElse("").endsWith("/java"))
                .filter(process -> arguments(process).containsAll(List.of(words)))
                .toList();
    }

    static List<String> arguments(ProcessHandle process) {
        return process.info().arguments().map(Arrays::asList).orElse(List.of());
    }

    static List<String> wholeOutput() {
        List<String> lines = new ArrayList<>(List.of("initialised"));
        int sum = 0;
        for (int step = 1; step <= 60; step++) {
            sum += step;
            lines.add("step " + step + " sum " + sum);
        }
        lines.add("goodbye once");
        return lines;
    }

    boolean isAlive(String name) throws Exception {
        for (JsonObject node : client().get("/v1/nodes").objects("nodes")) {
            if (node.string("name").equals(name)) {
                return node.flag("alive");
            }
        }
        return false;
    }

    static void signal(String signal, ProcessHandle process) throws Exception {
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    /** The letter by which the kernel tells the state of a process. */
    static String state(ProcessHandle process) throws IOException {
        String line = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
        return line.substring(line.lastIndexOf(')') + 2).substring(0, 1);
    }
}
