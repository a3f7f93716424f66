package dev.ingot.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.integration.program.Steps;
import dev.ingot.testkit.Installation;
import dev.ingot.testkit.Jdk;
import dev.ingot.testkit.Outcome;
import dev.ingot.testkit.Program;
import dev.ingot.testkit.ProgramRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A program whose image is sent to standard output of one command, and goes on from standard input of another. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class StreamedIT {
    private static final int EXIT_CODE = 3;

    @TempDir(factory = Trials.class, cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    @Test
    void goesOnFromWhatWasSentWhole() throws Exception {
        Brake brake = new Brake(directory.resolve("slow"));
        brake.pull();
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), brake.on(Program.of(Steps.class)))) {
            run.start(Jdk.ofThisProcess(), "name=steps", "incremental=on");
            run.awaitLines(3);
            run.checkpoint();
            run.awaitLines(5);
            Path sent = sent(run.suspend().directory());
            byte[] bytes = Files.readAllBytes(sent);
            Path half = Files.write(directory.resolve("half"), Arrays.copyOf(bytes, bytes.length / 2));
            String images = directory.resolve("other-host").toString();
            run.separateOutput();

            run.takeInputFrom(half);
            run.resume(Path.of("-"), "--images", images);
            assertThat(run.awaitExit()).isEqualTo(1);
            // Which of these depends on where it is torn, and on the JDK.
            assertThat(run.error())
                    .containsPattern("cannot import -: it (ends within a file|is no whole archive|does not end as)");
            assertThat(run.output()).isEmpty();

            run.takeInputFrom(sent);
            run.resume(Path.of("-"), "--images", images);
            brake.release();
            Outcome outcome = run.awaitOutcome();
            List<String> last = outcome.outputs().get(outcome.outputs().size() - 1);
            assertThat(last).endsWith("goodbye once").doesNotContain("initialised");
            assertThat(outcome.exitCode()).as(outcome.error()).isEqualTo(EXIT_CODE);
        }
    }

    private Path sent(Path image) throws IOException, InterruptedException {
        Path file = directory.resolve("sent");
        Process export = new ProcessBuilder(
                        Installation.ofThisBuild().command().toString(), "images", "export", image.toString(), "-")
                .redirectOutput(file.toFile())
                .redirectError(directory.resolve("export-error").toFile())
                .start();
        assertThat(export.waitFor()).isZero();
        return file;
    }
}
