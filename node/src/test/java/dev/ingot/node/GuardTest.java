package dev.ingot.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ingot.scheduler.pool.Goal;
import dev.ingot.scheduler.pool.NodeDevices;
import dev.ingot.scheduler.pool.Order;
import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.Tier;
import dev.ingot.scheduler.pool.WorkloadSpec;
import dev.ingot.scheduler.wire.PoolDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program under its guard; the program is a shell that takes no notice of the agent it is given. */
class GuardTest {
    private static final long FAR = Uptime.hundredths(Duration.ofMinutes(10));
    private static final int KILLED = 137;

    @TempDir
    private Path directory;

    private List<Process> started = List.of();

    @AfterEach
    void end() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void runsTheProgramAsTheVeryProcessAndPassesItsExitCodeOn() throws Exception {
        Process program = start("echo $$; exit 7", Uptime.now() + FAR);

        assertThat(program.waitFor()).isEqualTo(7);
        assertThat(output()).isEqualTo(program.pid() + "\n");
    }

    @Test
    void killsTheProgramWhenTheNodeIsGone() throws Exception {
        Process program = start("sleep 600", Uptime.now() + FAR);

        // As the kernel does when it ends a process.
        program.getOutputStream().close();

        assertThat(program.waitFor()).isEqualTo(KILLED);
    }

    @Test
    void stopsTheProgramPastItsDeadlineAndLetsItGoOnWithALaterOne() throws Exception {
        Process program = start("while true; do sleep 0.01; done", Uptime.now() + 30);
        await().atMost(Duration.ofMinutes(2)).until(() -> state(program).equals("T"));

        say(program, Long.toString(Uptime.now() + FAR));

        await().atMost(Duration.ofMinutes(2)).until(() -> !state(program).equals("T"));
        assertThat(program.isAlive()).isTrue();
    }

    @Test
    void killsAStoppedProgramToo() throws Exception {
        Process program = start("sleep 600", Uptime.now());
        await().atMost(Duration.ofMinutes(2)).until(() -> state(program).equals("T"));

        program.getOutputStream().close();

        assertThat(program.waitFor()).isEqualTo(KILLED);
    }

    @Test
    void stopsAProgramWhoseNodeHangs() throws Exception {
        // A node that hangs says nothing more, but its end of the pipe stays open.
        Process program = start("while true; do sleep 0.01; done", Uptime.now() + 30);
        say(program, Long.toString(Uptime.now() + 60));

        await().atMost(Duration.ofMinutes(2)).until(() -> state(program).equals("T"));
        assertThat(program.isAlive()).isTrue();
    }

    private Process start(String script, long deadline) throws IOException {
        Path program = Files.writeString(directory.resolve("java"), "#!/bin/bash\n" + script + "\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        WorkloadSpec spec = new WorkloadSpec(
                "job",
                "default",
                Tier.BASIC,
                0,
                Resources.NONE,
                List.of(program.toString()),
                directory.toString(),
                Map.of(),
                0);
        Launcher launcher = new Launcher(new PoolDirectory(directory), Path.of("agent.jar"), () -> NodeDevices.UNNAMED);
        Process process = launcher.start(
                new Order("job-1", 1, Goal.RUN, 0, List.of(), "", null, List.of(), spec), null, deadline);
        started = List.of(process);
        return process;
    }

    private static void say(Process program, String line) throws IOException {
        program.getOutputStream().write((line + "\n").getBytes(UTF_8));
        program.getOutputStream().flush();
    }

    private String output() throws IOException {
        return Files.readString(new PoolDirectory(directory).output("job-1", 1));
    }

    /** The letter by which the kernel tells the state of a process. */
    private static String state(Process program) {
        try {
            String line = Files.readString(Path.of("/proc", Long.toString(program.pid()), "stat"));
            return line.substring(line.lastIndexOf(')') + 2).substring(0, 1);
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }
}
