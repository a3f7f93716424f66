package dev.ingot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.scheduler.control.ApiServer;
import dev.ingot.scheduler.control.ControlPlane;
import dev.ingot.scheduler.pool.Command;
import dev.ingot.scheduler.pool.Policy;
import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.WorkloadState;
import dev.ingot.scheduler.pool.WorkloadView;
import dev.ingot.scheduler.wire.PoolClient;
import dev.ingot.scheduler.wire.PoolDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The commands about a pool, against a control process within the test; its one node is never heard again. */
class PoolCommandsTest {
    private PoolDirectory pool = new PoolDirectory(Path.of("/tmp"));
    private AutoCloseable server = () -> {};
    private AutoCloseable control = () -> {};

    @BeforeEach
    void start() throws IOException {
        // Sockets have short names, which not every place for temporary files allows.
        pool = new PoolDirectory(Files.createTempDirectory(Path.of("/tmp"), "ingot-pool-"));
        pool.prepare();
        ControlPlane plane = ControlPlane.open(pool.journal(), Policy.USUAL, Duration.ofHours(1));
        control = plane;
        server = ApiServer.start(pool.socket(), plane);
        assertThat(plane.submit(new Command.Join("node1", "1", new Resources(2000, 2000, 0)))
                        .join()
                        .accepted())
                .isTrue();
    }

    @AfterEach
    void end() throws Exception {
        server.close();
        control.close();
        Files.delete(pool.journal());
        Files.delete(pool.path());
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

    private WorkloadView view(String id) throws Exception {
        return new Workloads(new PoolClient(pool.socket(), Duration.ofSeconds(30))).get(id);
    }

    private CliRun run(String... arguments) {
        int place = arguments[0].equals("pool") ? 2 : 1;
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(place, List.of("--pool", pool.path().toString()));
        return CliRun.of(all.toArray());
    }
}
