package dev.ingot.integration.accelerator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.accelerator.cpu.CpuProvider;
import dev.ingot.accelerator.device.Accelerators;
import dev.ingot.accelerator.onnx.OnnxProvider;
import dev.ingot.core.control.TakenImage;
import dev.ingot.core.image.ImageStore;
import dev.ingot.integration.Trials;
import dev.ingot.testkit.Jdk;
import dev.ingot.testkit.Outcome;
import dev.ingot.testkit.Program;
import dev.ingot.testkit.ProgramRun;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A program that computes on an engine for graphs is stopped in the middle of its kernels, and goes on on the processor, and back. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class EngineIT {
    private static final Pattern IN_MID_WORK = Pattern.compile("gemm.f32@1 at [0-9]+ of " + EngineProgram.SIDE);
    private static final int MOST_ATTEMPTS = 20;

    @TempDir(factory = Trials.class, cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    @ParameterizedTest(name = "from {0} to {1}")
    @CsvSource({"onnx, cpu", "cpu, onnx"})
    void goesOnInMidWork(String from, String to) throws Exception {
        Path on = Files.createFile(directory.resolve(SlowSum.SLOW));
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), program(from))) {
            run.start(Jdk.ofThisProcess());
            run.awaitLines(1);
            TakenImage image = run.suspend();
            // The program may be late with the next kernels when it is stopped.
            for (int attempt = 1;
                    attempt < MOST_ATTEMPTS
                            && !IN_MID_WORK.matcher(note(image, from)).find();
                    attempt++) {
                run.resume(image.directory());
                run.awaitControl();
                image = run.suspend();
            }
            assertThat(note(image, from)).containsPattern(IN_MID_WORK);

            Files.delete(on);
            run.resume(image.directory(), "--device", from + "=" + to);
            Outcome refused = run.awaitOutcome();
            assertThat(refused.exitCode()).as(refused.error()).isEqualTo(1);
            assertThat(refused.error())
                    .contains(
                            "gemm.f32@1 is",
                            "TOLERANCE across both",
                            "the job has not consented",
                            "determinism=tolerance");
            run.resume(image.directory(), "--device", from + "=" + to, "--determinism", "tolerance");
            Outcome outcome = run.awaitOutcome();

            assertThat(outcome.exitCode()).as(outcome.error()).isZero();
            assertThat(outcome.output()).as(outcome.error()).hasSize(2);
            String[] words = outcome.output().get(1).split(" ", 2);
            long rounds = Long.parseLong(words[0]);
            assertThat(words[1])
                    .as("after %d rounds", rounds)
                    .isEqualTo(Integer.toString(EngineProgram.hash(EngineProgram.numbers(rounds))));
        }
    }

    private static String note(TakenImage image, String device) throws Exception {
        return ImageStore.open(image.directory())
                .manifest()
                .contents()
                .notes()
                .getOrDefault("device " + device + ":0", "none");
    }

    private static Program program(String device) {
        String classPath = String.join(
                File.pathSeparator,
                DeviceClassPath.of(EngineProgram.class, Accelerators.class, CpuProvider.class, OnnxProvider.class));
        return new Program(
                EngineProgram.class.getName(),
                List.of("-XX:+UseSerialGC", "-Xmx256m", "-cp", classPath),
                List.of(device));
    }
}
