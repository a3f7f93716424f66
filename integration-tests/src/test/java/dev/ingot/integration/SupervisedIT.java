package dev.ingot.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ingot.core.control.ControlDirectory;
import dev.ingot.core.control.ControlException;
import dev.ingot.core.image.ImageStore;
import dev.ingot.integration.program.Steps;
import dev.ingot.testkit.Installation;
import dev.ingot.testkit.Jdk;
import dev.ingot.testkit.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs under {@code ingot run}: they survive being killed, and their output shows nothing of it. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class SupervisedIT {
    private static final String NAME = "steps";
    private static final int EXIT_CODE = 3;
    private static final int KILLED = 137;
    private static final int SUSPENDED = 85;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir(factory = Trials.class, cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    private Brake brake = new Brake(Path.of(""));
    private List<String> program = List.of();
    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void prepare() throws IOException {
        brake = new Brake(directory.resolve("slow"));
        brake.pull();
        Program steps = brake.on(Program.of(Steps.class));
        program = new ArrayList<>(List.of(Jdk.ofThisProcess().java().toString()));
        program.addAll(steps.options());
        program.add(steps.main());
    }

    @AfterEach
    void endAll() {
        for (Process run : started) {
            run.descendants().forEach(ProcessHandle::destroyForcibly);
            run.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"exact", "live"})
    void writesToAPipeAsIfItHadNeverBeenKilled(String mode) throws Exception {
        Process run = start(builder("--every", "200ms", "--output", mode).redirectError(error()));
        CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> readAll(run));

        killBehindTheNextImage(run);
        killBehindTheNextImage(run);
        brake.release();

        assertThat(run.waitFor()).as(errors()).isEqualTo(EXIT_CODE);
        assertThat(output.get().lines()).as(errors()).containsExactlyElementsOf(wholeOutput());
        assertThat(errors()).contains("it goes on from " + images());
        assertThat(diary()).isEqualTo(60);
    }

    @Test
    void writesToAFileAsIfItHadNeverBeenKilled() throws Exception {
        Path file = Files.writeString(directory.resolve("output"), "of somebody else\n");
        Process run = start(builder("--every", "200ms")
                .redirectOutput(ProcessBuilder.Redirect.appendTo(file.toFile()))
                .redirectError(error()));

        killBehindTheNextImage(run);
        brake.release();

        assertThat(run.waitFor()).as(errors()).isEqualTo(EXIT_CODE);
        List<String> expected = new ArrayList<>(List.of("of somebody else"));
        expected.addAll(wholeOutput());
        assertThat(file).content(UTF_8).asString().isEqualTo(String.join("\n", expected) + "\n");
    }

    @Test
    void doesNotBeginAgainWhatWasKilledBeforeItsFirstImage() throws Exception {
        Path file = directory.resolve("output");
        Process run = start(builder().redirectOutput(file.toFile()).redirectError(error()));
        await().atMost(LIMIT).until(() -> Files.readString(file).contains("step 2"));

        program(run).orElseThrow().destroyForcibly();

        assertThat(run.waitFor()).isEqualTo(KILLED);
        assertThat(errors()).contains("ended by signal 9 before its first image");
    }

    @Test
    void isSuspendedByTheProcessIdOfTheCommandOverIt() throws Exception {
        Path file = directory.resolve("output");
        Process run = start(builder().redirectOutput(file.toFile()).redirectError(error()));
        await().atMost(LIMIT).until(() -> program(run).isPresent());
        Installation installation = Installation.ofThisBuild();

        Process suspend =
                start(new ProcessBuilder(installation.command().toString(), "suspend", Long.toString(run.pid()))
                        .redirectErrorStream(true));

        assertThat(suspend.waitFor()).as(readAll(suspend)).isZero();
        assertThat(run.waitFor()).as(errors()).isEqualTo(SUSPENDED);
        assertThat(ImageStore.at(images()).list()).hasSize(1);
    }

    @Test
    void passesSigtermOnAndGoesOnWhenItIsRunAgain() throws Exception {
        Path file = directory.resolve("output");
        String[] options = {"--resume", "--on-sigterm", "suspend"};
        Process first = start(builder(options).redirectOutput(file.toFile()).redirectError(error()));
        await().atMost(LIMIT).until(() -> Files.readString(file).contains("step 2"));
        awaitSocket(first);
        first.destroy();
        assertThat(first.waitFor()).as(errors()).isEqualTo(SUSPENDED);

        brake.release();
        Process second = start(builder(options)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(file.toFile()))
                .redirectError(error()));

        assertThat(second.waitFor()).as(errors()).isEqualTo(EXIT_CODE);
        assertThat(Files.readAllLines(file)).isEqualTo(wholeOutput());
    }

    private ProcessBuilder builder(String... options) {
        Installation installation = Installation.ofThisBuild();
        List<String> command = new ArrayList<>(List.of(installation.command().toString(), "run"));
        command.addAll(List.of("--images", images().toString(), "--name", NAME));
        command.addAll(List.of(options));
        command.add("--");
        command.addAll(program);
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().put("INGOT_AGENT", installation.agent().toString());
        return builder;
    }

    private Process start(ProcessBuilder builder) throws IOException {
        Process run = builder.start();
        started.add(run);
        return run;
    }

    private void killBehindTheNextImage(Process run) throws IOException {
        int before = ImageStore.at(images()).list().size();
        await().atMost(LIMIT)
                .until(() -> program(run).isPresent()
                        && ImageStore.at(images()).list().size() > before + 1);
        program(run).orElseThrow().destroyForcibly();
    }

    /** The program under the command, which is one process after the other. */
    private static Optional<ProcessHandle> program(Process run) {
        return run.children().findFirst();
    }

    private static void awaitSocket(Process run) {
        Path socket = socket(program(run).orElseThrow().pid());
        await().atMost(LIMIT).until(() -> Files.exists(socket));
    }

    private static Path socket(long pid) {
        try {
            return ControlDirectory.ofThisUser().socket(pid);
        } catch (ControlException unsafe) {
            throw new AssertionError("there is no place for sockets", unsafe);
        }
    }

    private Path images() {
        return directory.resolve("images");
    }

    private ProcessBuilder.Redirect error() {
        return ProcessBuilder.Redirect.appendTo(directory.resolve("error").toFile());
    }

    private String errors() throws IOException {
        return Files.readString(directory.resolve("error"));
    }

    private int diary() throws IOException {
        return Files.readAllLines(directory.resolve("diary")).size();
    }

    private static String readAll(Process run) {
        try {
            return new String(run.getInputStream().readAllBytes(), UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
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
