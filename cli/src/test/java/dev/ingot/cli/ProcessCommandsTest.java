package dev.ingot.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ingot.core.control.ControlServer;
import dev.ingot.core.image.ImageHandle;
import dev.ingot.core.image.ImageStore;
import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands that talk to processes, with real processes that have no agent. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class ProcessCommandsTest {
    @TempDir
    Path directory;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void killAll() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void suspendsAProcessAndReturnsWhenItIsGone() throws IOException, InterruptedException {
        Process program = start();

        CliRun run = CliRun.of("suspend", program.pid(), "--images", images(), "--control", control());

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(LocalProcess.of(program.pid()).isAlive()).isFalse();
        assertThat(program.waitFor()).isEqualTo(ControlServer.SUSPENDED_EXIT_CODE);
        ImageHandle image =
                ImageStore.at(images()).newestComplete(FakeProgram.NAME).orElseThrow();
        assertThat(run.out()).contains(image.directory().toString());
    }

    @Test
    void checkpointsAProcessThatGoesOn() throws IOException, JsonException {
        Process program = start();

        CliRun byPid = CliRun.of("checkpoint", program.pid(), "--control", control(), "--json");
        CliRun byName = CliRun.of("checkpoint", FakeProgram.NAME, "--control", control());

        assertThat(byPid.exitCode()).isZero();
        assertThat(JsonObject.parse(byPid.out()).integer("pid")).isEqualTo(program.pid());
        assertThat(byName.exitCode()).isZero();
        assertThat(program.isAlive()).isTrue();
        assertThat(ImageStore.at(directory.resolve("own")).list()).hasSize(2);
    }

    @Test
    void tellsPinsByTheirOwnExitCode() throws IOException {
        Process program = start("pinned");

        CliRun run = CliRun.of("suspend", program.pid(), "--images", images(), "--control", control());

        assertThat(run.exitCode()).isEqualTo(ExitCode.PINNED);
        assertThat(run.err())
                .contains("1 thread is pinned")
                .contains("thread 'worker' is pinned: NATIVE_FRAME")
                .contains("at a.B.c(Native Method)")
                .contains("wait until it returns");
        assertThat(program.isAlive()).isTrue();
    }

    @Test
    void saysThatAProcessHasEndedInTheMeantime() throws IOException, InterruptedException {
        Process program = start("ending");

        CliRun run = CliRun.of("suspend", program.pid(), "--images", images(), "--control", control());

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).contains("process " + program.pid() + " ended before its image was complete");
        assertThat(program.waitFor()).isZero();
    }

    @Test
    void listsProcessesAndForgetsDeadOnes() throws IOException, InterruptedException, JsonException {
        Process first = start();
        Process second = start();
        second.destroyForcibly().waitFor();

        CliRun table = CliRun.of("ps", "--control", control());
        CliRun json = CliRun.of("ps", "--control", control(), "--json");

        assertThat(table.out().lines().toList()).hasSize(2);
        assertThat(table.out()).contains(Long.toString(first.pid())).contains("com.example.Fake");
        assertThat(JsonObject.parse(json.out()).objects("processes")).hasSize(1);
        assertThat(control().resolve(second.pid() + ".sock")).doesNotExist();
    }

    @Test
    void refusesANameThatMeansSeveralProcesses() throws IOException {
        start();
        start();

        CliRun run = CliRun.of("checkpoint", FakeProgram.NAME, "--control", control());

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("2 processes are named 'fake'");
    }

    @Test
    void isNotHeldUpByAProcessThatIsStopped() throws IOException, InterruptedException, JsonException {
        Process stopped = start("-javaagent:/gone/ingot-agent.jar=name=stopped");
        signal("STOP", stopped);
        Process other = start();

        CliRun list = CliRun.of("ps", "--control", control(), "--json");
        CliRun suspend = CliRun.of("suspend", "stopped", "--images", images(), "--control", control());
        CliRun checkpoint = CliRun.of("checkpoint", FakeProgram.NAME, "--control", control());

        List<JsonObject> processes = JsonObject.parse(list.out()).objects("processes");
        assertThat(processes).extracting(process -> process.integer("pid")).containsExactly(other.pid(), stopped.pid());
        assertThat(processes.get(1).string("state")).isEqualTo("stopped");
        assertThat(processes.get(1).string("name")).isEqualTo("stopped");
        assertThat(suspend.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(suspend.err()).contains("kill -CONT " + stopped.pid());
        assertThat(checkpoint.exitCode()).isZero();
    }

    private static void signal(String name, Process process) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
        await().until(() -> LocalProcess.of(process.pid()).isStopped());
    }

    @Test
    void saysThatAProcessIsNotUnderIngot() {
        CliRun run = CliRun.of("suspend", ProcessHandle.current().pid(), "--control", directory.resolve("empty"));

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).startsWith("ingot: ").contains("empty");
    }

    @Test
    void waitsForAProcessThatHasOnlyJustBeenStarted() throws IOException {
        Process program = launch("-javaagent:/gone/ingot-agent.jar");

        CliRun run = CliRun.of("suspend", program.pid(), "--images", images(), "--control", control());

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void waitsForAProcessOfTheNameThatHasOnlyJustBeenStarted() throws IOException {
        launch("-javaagent:/gone/ingot-agent.jar=name=another");
        String name = "just-started-" + ProcessHandle.current().pid();
        Process program = launch("-javaagent:/gone/ingot-agent.jar=name=" + name);

        CliRun run = CliRun.of("suspend", name, "--images", images(), "--control", control());

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith("suspended " + program.pid());
    }

    @Test
    void saysThatTheSocketOfAProcessUnderIngotDidNotCome() throws IOException {
        Process program = launch("-javaagent:/gone/ingot-agent.jar");

        CliRun run =
                CliRun.of("checkpoint", program.pid(), "--wait", "100ms", "--control", directory.resolve("elsewhere"));

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).contains("has not opened its control socket").contains("--wait");
    }

    @Test
    void saysThatAProcessIsNotUnderIngotOrNotThereOrOutOfReach() throws IOException, InterruptedException {
        Process unreachable = launch("-javaagent:/gone/ingot-agent.jar=control=off");
        Process dead = launch();
        dead.destroyForcibly().waitFor();

        assertThat(CliRun.of("suspend", ProcessHandle.current().pid(), "--wait", "0ms")
                        .err())
                .contains("nothing shows that it runs under Ingot");
        assertThat(CliRun.of("suspend", dead.pid()).err()).contains("there is no process " + dead.pid());
        assertThat(CliRun.of("suspend", unreachable.pid()).err()).contains("control=off");
        assertThat(CliRun.of("suspend", dead.pid(), "--wait", "soon").exitCode())
                .isEqualTo(ExitCode.USAGE);
    }

    private Path images() {
        return directory.resolve("im ages");
    }

    private Path control() {
        return directory.resolve("c");
    }

    private Process start(String... more) throws IOException {
        Process process = launch(more);
        Path socket = control().resolve(process.pid() + ".sock");
        await().atMost(Duration.ofMinutes(5)).until(() -> Files.exists(socket) && answers(process.pid()));
        return process;
    }

    private Process launch(String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                FakeProgram.class.getName(),
                control().toString(),
                directory.resolve("own").toString()));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command).inheritIO().start();
        started.add(process);
        return process;
    }

    private boolean answers(long pid) throws IOException {
        return CliRun.of("ps", "--control", control()).out().contains(Long.toString(pid));
    }
}
