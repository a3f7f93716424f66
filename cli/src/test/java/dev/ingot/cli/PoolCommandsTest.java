package dev.ingot.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ingot.scheduler.control.ApiServer;
import dev.ingot.scheduler.control.ControlPlane;
import dev.ingot.scheduler.control.Listen;
import dev.ingot.scheduler.control.ServiceRange;
import dev.ingot.scheduler.pool.Command;
import dev.ingot.scheduler.pool.Policy;
import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.ShippedFile;
import dev.ingot.scheduler.pool.WorkloadSpec;
import dev.ingot.scheduler.pool.WorkloadState;
import dev.ingot.scheduler.pool.WorkloadView;
import dev.ingot.scheduler.wire.PoolClient;
import dev.ingot.scheduler.wire.PoolDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands about a pool, against a control process within the test; its one node is never heard again. */
class PoolCommandsTest {
    private PoolDirectory pool = new PoolDirectory(Path.of("/tmp"));
    private AutoCloseable server = () -> {};
    private @Nullable ControlPlane control;

    @BeforeEach
    void start() throws IOException {
        // Sockets have short names, which not every place for temporary files allows.
        pool = new PoolDirectory(Files.createTempDirectory(Path.of("/tmp"), "ingot-pool-"));
        pool.prepare();
        ControlPlane plane = ControlPlane.open(pool.journal(), Policy.USUAL, Duration.ofHours(1));
        control = plane;
        server = ApiServer.start(pool, plane, null, ServiceRange.usual());
        assertThat(plane.submit(new Command.Join("node1", "1", new Resources(2000, 2000, 0)))
                        .join()
                        .accepted())
                .isTrue();
    }

    @AfterEach
    void end() throws Exception {
        server.close();
        plane().close();
        try (Stream<Path> all = Files.walk(pool.path())) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void submittedWorkloadIsListedWithWhereItIs() throws Exception {
        CliRun submit = run(
                "submit",
                "--name",
                "Job",
                "--tier",
                "basic",
                "--memory",
                "1g",
                "--",
                "java",
                "-cp",
                "x",
                "com.example.Job");

        assertThat(submit.out()).isEqualTo("Job-1\n");
        assertThat(run("pool", "ps").out()).containsPattern("Job-1 +basic +starting +node1");
        assertThat(run("pool", "nodes").out()).containsPattern("node1 +ready +1 +1 cores, 1024 MiB");
        assertThat(run("pool", "describe", "Job-1").out()).contains("java -cp x com.example.Job", "begins on node1");
        assertThat(view("Job-1").spec().directory())
                .isEqualTo(Path.of("").toAbsolutePath().toString());
    }

    @Test
    void aFileDescribesAWorkloadAndOptionsOverrideIt(@TempDir Path files) throws Exception {
        Path file = files.resolve("job.yaml");
        Files.writeString(
                file, "name: nightly\ntier: basic\ncommand: [java, Job]\ndirectory: work\nresources: {cores: 0.5}\n");

        assertThat(run("submit", "-f", file.toString(), "--memory", "1g").out()).isEqualTo("nightly-1\n");

        WorkloadSpec spec = view("nightly-1").spec();
        assertThat(spec.needs()).isEqualTo(new Resources(500, 1024, 0));
        assertThat(spec.directory()).isEqualTo(files.resolve("work").toString());
        assertThat(spec.command()).containsExactly("java", "Job");
        Files.writeString(file, "teir: basic\nretries: 3\n");
        CliRun wrong = run("submit", "-f", file.toString());
        assertThat(wrong.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(wrong.err())
                .contains("job.yaml:1: 'teir': unknown key; did you mean 'tier'?", "job.yaml:2: 'retries'");
        assertThat(run("submit").err()).contains("'command' is missing");
        assertThat(run("submit", "--schema").out()).contains("\"checkpointEvery\"");
    }

    @Test
    void filesAreSentAlongInParts(@TempDir Path files) throws Exception {
        byte[] large = new byte[(2 << 20) + 7];
        new Random(1).nextBytes(large);
        Path jar = Files.write(files.resolve("app.jar"), large);
        Path empty = Files.createFile(files.resolve("empty"));
        Path job = Files.writeString(
                files.resolve("job.yaml"), "command: [java, -jar, app.jar]\nfiles: [{path: app.jar}]\nname: job\n");

        assertThat(run("submit", "-f", job.toString(), "--ship", empty + "=lib/none")
                        .out())
                .isEqualTo("job-1\n");
        // The second time there is nothing to be sent.
        assertThat(run("submit", "-f", job.toString()).out()).isEqualTo("job-2\n");

        WorkloadSpec spec = view("job-1").spec();
        assertThat(spec.files()).extracting(ShippedFile::name).containsExactly("app.jar", "lib/none");
        assertThat(Files.readAllBytes(pool.file("default", spec.files().get(0).sha256())))
                .isEqualTo(large);
        assertThat(view("job-2").spec().directory()).startsWith("/var/tmp/").isNotEqualTo(spec.directory());
        assertThat(run("describe", "job-1").out()).contains("lib/none, 0 B");
        assertThat(run("submit", "--ship", files.toString(), "--", "java", "Job")
                        .err())
                .contains("cannot ship " + files + ": it is no file");
        assertThat(run("submit", "--ship", jar + "=../x", "--", "java", "Job").err())
                .contains("'../x' cannot be the name of a file of a workload");
        assertThat(run("submit", "--help").out()).contains("${files}");
    }

    @Test
    void aServiceIsShownWithItsAddress() {
        run("pool", "cordon", "node1");

        assertThat(run("submit", "--service", "0.0.0.0:18080:8080", "--", "java", "Job")
                        .err())
                .contains("this pool allows 127.0.0.1:1024-65535");
        assertThat(run("submit", "--service", "8080", "--", "java", "Job").err())
                .contains("'8080' is no service");
        assertThat(run("pool", "ps").out()).doesNotContain("Job");
    }

    @Test
    void whatFitsNowhereSaysWhy() {
        run("submit", "--cores", "1.5", "--", "java", "First");
        run("submit", "--cores", "1", "--", "java", "Second");
        run("submit", "--cores", "3", "--", "java", "Third");

        assertThat(run("pool", "why", "Second-2").out())
                .contains("0 are ahead of it", "0.5 cores, 1488 MiB free", "First-1 (STANDARD)");
        assertThat(run("pool", "why", "Third-3").out()).contains("1 are ahead of it", "node1 is too small");
    }

    @Test
    void premiumBeyondItsReservationIsShownAsLent() {
        assertThat(run("pool", "reserve", "team", "--cores", "1", "--memory", "1g")
                        .exitCode())
                .isZero();

        run("submit", "--tenant", "team", "--tier", "premium", "--", "java", "Job");
        run("submit", "--tenant", "team", "--tier", "premium", "--", "java", "Job");

        assertThat(run("pool", "ps").out())
                .containsPattern("Job-1 +premium  ")
                .containsPattern("Job-2 +premium, lent ");
        assertThat(run("pool", "tenants").out())
                .containsPattern("team +1 cores, 1024 MiB +1 cores, 512 MiB +2 cores, 1024 MiB");
        CliRun tooMuch = run("pool", "reserve", "other", "--cores", "9", "--memory", "1g");
        assertThat(tooMuch.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(tooMuch.err()).contains("cannot reserve 9 cores");
    }

    @Test
    void limitsOfTenantsAreSetAndShown() {
        assertThat(run("limit", "team", "--borrow-cores", "1.5", "--core-hours", "10", "--window", "7d")
                        .exitCode())
                .isZero();

        assertThat(run("tenants").out()).contains("borrows at most 1.5 cores; used 0 of 10 core-hours");
        assertThat(run("tenants", "--json").out())
                .contains(
                        "\"borrowing\": {",
                        "\"milliCores\": 1500",
                        "\"milliCoreHours\": 10000",
                        "\"windowMillis\": 604800000")
                .doesNotContain("milliDeviceHours\": 4611");
        assertThat(run("limit", "team", "--window", "7d").err()).contains("--window is that of");
        assertThat(run("limit", "team").exitCode()).isZero();
        assertThat(run("tenants").out()).doesNotContain("borrows");
    }

    @Test
    void whatIsQueuedIsSuspendedResumedAndCancelledAtOnce() throws Exception {
        run("pool", "cordon", "node1");
        run("submit", "--", "java", "Job");

        assertThat(run("pool", "suspend", "Job-1").exitCode()).isZero();
        assertThat(view("Job-1").state()).isEqualTo(WorkloadState.HELD);
        run("pool", "resume", "Job-1");
        assertThat(view("Job-1").state()).isEqualTo(WorkloadState.QUEUED);
        run("pool", "cancel", "Job-1");
        assertThat(view("Job-1").state()).isEqualTo(WorkloadState.CANCELLED);
        assertThat(run("pool", "logs", "-f", "Job-1").exitCode()).isZero();
        assertThat(run("pool", "suspend", "Job-1").err()).contains("cannot be suspended, it is CANCELLED");
    }

    @Test
    void whoIsGrantedItComesInAtThePort(@TempDir Path files) throws Exception {
        server.close();
        ApiServer serving = ApiServer.start(
                pool,
                plane(),
                new Listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), null, null, null),
                ServiceRange.usual());
        server = serving;
        Path token = files.resolve("token");
        Files.writeString(
                token,
                run("pool", "grant", "alice", "--role", "operator", "--tenant", "team-a")
                        .out());
        assertThat(run("pool", "grants").out()).containsPattern("alice +operator +team-a +token");
        List<Object> remote = List.of("--server", String.valueOf(serving.uri()), "--token-file", token);

        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(
                                from(remote, "submit", "--", "java", "Job").out())
                        .startsWith("Job-"));
        assertThat(from(remote, "pool", "ps", "--json").out()).contains("\"tenant\": \"team-a\"");
        assertThat(from(remote, "pool", "cordon", "node1").err()).contains("alice is operator", "needs the role admin");
        assertThat(run("pool", "revoke", "alice").exitCode()).isZero();
        await().atMost(Duration.ofMinutes(2))
                .until(() -> from(remote, "pool", "ps").err().contains("knows no such token"));
        assertThat(run("pool", "revoke", "alice").err()).contains("no grant of alice");
        assertThat(run("pool", "grant", "x", "--role", "admin", "--tenant", "t").err())
                .contains("belong to no tenant");
        assertThat(CliRun.of("pool", "ps", "--server", serving.uri() + "").err())
                .contains("needs --token-file");
    }

    @Test
    void plansAndEventsAndTiersAreShown() throws Exception {
        run("submit", "--tier", "basic", "--cores", "2", "--", "java", "Weak");

        CliRun plan = run("plan", "--tier", "premium", "--", "java", "Strong");
        assertThat(plan.out())
                .containsPattern("Weak-1 +suspending +node1 +makes room for Strong-2")
                .containsPattern("Strong-2 +running +node1");
        assertThat(run("plan", "--lose", "node1", "--json").out()).contains("node node1 was lost");
        assertThat(run("plan", "--lose", "a", "--drain", "b").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run("plan", "--drain", "node9").err()).contains("no node node9");
        assertThat(run("events").out()).contains("node node1 has joined", "Weak-1 STARTING: begins on node1");
        assertThat(run("events", "--after", "1", "--json").out()).startsWith("{\"sequence\":2,");
        assertThat(run("tiers").out()).containsPattern("basic +1 +0 +0 +\\d+\\.\\d % +0\\.0 % +0 +2 cores, 512 MiB");
        assertThat(run("top").out()).contains("1 of 1 nodes").containsPattern("Weak-1 +basic +starting +node1");
        assertThat(run("describe", "--json", "Weak-1").out()).contains("\"history\"");
        assertThat(run("why", "--json", "Weak-1").out()).contains("It has its place on node1");
    }

    @Test
    void everyVerbOfThePoolHasOneMeaningOnly() {
        Map<String, CommandLine> top = IngotCommand.commandLine().getSubcommands();
        Map<String, CommandLine> pool = Objects.requireNonNull(top.get("pool")).getSubcommands();
        Set<String> both = new TreeSet<>(top.keySet());
        both.retainAll(pool.keySet());
        Set<String> different = new TreeSet<>(both);
        different.removeIf(verb -> kind(top, verb) == kind(pool, verb));

        assertThat(both).contains("drain", "submit");
        assertThat(different).containsExactly("ps", "resume", "suspend");
    }

    private static Class<?> kind(Map<String, CommandLine> commands, String verb) {
        return Objects.requireNonNull(commands.get(verb))
                .getCommandSpec()
                .userObject()
                .getClass();
    }

    private static CliRun from(List<Object> where, String... arguments) {
        int place = arguments[0].equals("pool") ? 2 : 1;
        List<Object> all = new ArrayList<>(List.of((Object[]) arguments));
        all.addAll(place, where);
        return CliRun.of(all.toArray());
    }

    @Test
    void mistakesAreExplained() {
        assertThat(run("submit", "--", "python", "job.py").err()).contains("must begin with java");
        assertThat(run("submit", "--memory", "1k", "--", "java", "Job").err()).contains("no amount of memory");
        assertThat(run("pool", "why", "Job-9").err()).contains("no workload Job-9");
        assertThat(run("pool", "drain", "node9").err()).contains("no node node9");
        assertThat(run("pool", "migrate", "Job-9").err()).contains("no workload Job-9");
        assertThat(CliRun.of("pool", "ps", "--pool", pool.path().resolve("none").toString())
                        .err())
                .contains("'ingot up' starts one");
    }

    private ControlPlane plane() {
        return Objects.requireNonNull(control);
    }

    private WorkloadView view(String id) throws Exception {
        return new Workloads(new PoolClient(pool.socket(), Duration.ofMinutes(2))).get(id);
    }

    private CliRun run(String... arguments) {
        int place = arguments[0].equals("pool") ? 2 : 1;
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(place, List.of("--pool", pool.path().toString()));
        return CliRun.of(all.toArray());
    }
}
