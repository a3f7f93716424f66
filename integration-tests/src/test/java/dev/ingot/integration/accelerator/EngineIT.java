package dev.ingot.integration.accelerator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.accelerator.cpu.CpuProvider;
import dev.ingot.accelerator.device.Accelerators;
import dev.ingot.accelerator.onnx.OnnxProvider;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Tolerance;
import dev.ingot.accelerator.standard.StandardOperations;
import dev.ingot.core.control.TakenImage;
import dev.ingot.integration.Trials;
import dev.ingot.testkit.Jdk;
import dev.ingot.testkit.Outcome;
import dev.ingot.testkit.Program;
import dev.ingot.testkit.ProgramRun;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A program that multiplies fractions on an engine for graphs is stopped in the middle of a kernel and goes on on the processor, and back. Every
 * product, that of the two together too, is as near to the contract as the engine declares.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class EngineIT {
    private static final Operation KERNEL = StandardOperations.GEMM_F32;
    private static final long ROWS = 2048;
    private static final long COLUMNS = 256;
    private static final long INNER = 1024;

    @TempDir(factory = Trials.class, cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    @ParameterizedTest(name = "from {0} to {1}")
    @CsvSource({"onnx, cpu", "cpu, onnx"})
    void goesOnInMidWork(String from, String to) throws Exception {
        Tolerance declared = declared();
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), program(from, declared))) {
            run.start(Jdk.ofThisProcess());
            run.awaitLines(1);
            TakenImage image = MidKernel.kill(run, KERNEL, List.of(RelayProgram.role(0) + " on " + from + ":0"));

            run.resume(image.directory(), "--device", from + "=" + to);
            Outcome refused = run.awaitOutcome();
            assertThat(refused.exitCode()).as(refused.error()).isEqualTo(1);
            assertThat(refused.error())
                    .contains(
                            "gemm.f32@1 is",
                            "(within " + declared + " of the contract)",
                            "TOLERANCE across both",
                            "the job has not consented",
                            "determinism=tolerance");
            Files.createFile(directory.resolve(RelayProgram.STOP));
            run.resume(image.directory(), "--device", from + "=" + to, "--determinism", "tolerance");
            Outcome outcome = run.awaitOutcome();

            assertThat(outcome.exitCode()).as(outcome.error()).isZero();
            assertThat(outcome.output()).as(outcome.error()).endsWith("all right");
        }
    }

    private static Tolerance declared() {
        Accelerators engine = Accelerators.of(List.of(new OnnxProvider()));
        return Objects.requireNonNull(
                Objects.requireNonNull(engine.named("onnx").get(0).support(KERNEL))
                        .tolerance());
    }

    private static Program program(String device, Tolerance tolerance) {
        String classPath = String.join(
                File.pathSeparator,
                DeviceClassPath.of(RelayProgram.class, Accelerators.class, CpuProvider.class, OnnxProvider.class));
        return new Program(
                RelayProgram.class.getName(),
                List.of("-XX:+UseSerialGC", "-Xmx256m", "-cp", classPath),
                RelayProgram.arguments(List.of(device), KERNEL, ROWS, COLUMNS, INNER, tolerance));
    }
}
