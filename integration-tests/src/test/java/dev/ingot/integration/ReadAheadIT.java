package dev.ingot.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ingot.core.control.ControlClient;
import dev.ingot.core.control.ControlException;
import dev.ingot.core.control.ProgressListener;
import dev.ingot.core.control.TakenImage;
import dev.ingot.core.image.ImageHandle;
import dev.ingot.core.image.ImageStore;
import dev.ingot.core.image.LaunchPlan;
import dev.ingot.integration.program.Latecomers;
import dev.ingot.testkit.Installation;
import dev.ingot.testkit.Jdk;
import dev.ingot.testkit.Program;
import dev.ingot.testkit.ProgramRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A JVM reads one image while the program still runs elsewhere, and goes on from a later one, which says only what has changed since. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class ReadAheadIT {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @TempDir(factory = Trials.class, cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    @Test
    void goesOnFromWhatHasChangedSince() throws Exception {
        Path late = directory.resolve("late");
        Path end = directory.resolve("end");
        Program program = Program.of(Latecomers.class, late.toString(), end.toString());
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), program)) {
            run.start(Jdk.ofThisProcess(), "name=guests");
            run.awaitLines(1);
            run.awaitControl();
            ImageHandle base = ImageStore.open(imageBeforeMore(run));
            Path go = directory.resolve("go");
            Process waiting = waiting(base, go);
            try {
                await().atMost(LIMIT).until(() -> Files.exists(directory.resolve("go.ready")) || !waiting.isAlive());
                Files.createFile(late);
                run.awaitLines(3);
                Path last = run.suspend().directory();
                assertThat(ImageStore.open(last).goesOn(base)).isTrue();
                assertThat(base.goesOn(ImageStore.open(last))).isFalse();
                Files.createFile(end);

                Files.writeString(directory.resolve("go.fresh"), last.toString());
                Files.move(directory.resolve("go.fresh"), go, StandardCopyOption.ATOMIC_MOVE);

                assertThat(waiting.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            } finally {
                waiting.destroyForcibly();
            }
            List<String> rest = Files.readAllLines(directory.resolve("rest"));
            assertThat(waiting.exitValue()).as(rest.toString()).isZero();
            assertThat(rest).hasSize(1).first().asString().matches("all \\d+ guests: true");
            assertThat(run.output().lines()).containsExactly("named Late", "early ones are true", "initialised");
        }
    }

    private static Path imageBeforeMore(ProgramRun run) throws ControlException {
        try (ControlClient client = ControlClient.connect(run.process().pid())) {
            TakenImage image = client.checkpointBeforeMore(ProgressListener.NONE);
            return image.directory();
        }
    }

    private Process waiting(ImageHandle base, Path go) throws IOException {
        Files.writeString(directory.resolve("go.base"), base.directory().toString());
        LaunchPlan plan = LaunchPlan.of(base);
        List<String> command = plan.awaitingCommand(
                Path.of(plan.javaHome(), "bin", "java"),
                Installation.ofThisBuild().agent(),
                go);
        return new ProcessBuilder(command)
                .directory(Path.of(plan.workingDirectory()).toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("rest").toFile())
                .start();
    }
}
