package dev.ingot.integration.accelerator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.accelerator.cpu.CpuProvider;
import dev.ingot.accelerator.device.Accelerators;
import dev.ingot.accelerator.tck.ReferenceProvider;
import dev.ingot.core.control.TakenImage;
import dev.ingot.core.image.ImageStore;
import dev.ingot.integration.Trials;
import dev.ingot.testkit.Jdk;
import dev.ingot.testkit.Outcome;
import dev.ingot.testkit.Program;
import dev.ingot.testkit.ProgramRun;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A program that computes on a device is stopped in the middle of a kernel, and goes on on this or another kind of device. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class DeviceIT {
    private static final String KERNEL = "slow-sum@1 at ([0-9]+) of 1000";

    @TempDir(factory = Trials.class, cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    @ParameterizedTest(name = "from {0} to {1}")
    @CsvSource({"cpu, cpu", "cpu, reference", "reference, cpu"})
    void goesOnInMidKernel(String from, String to) throws Exception {
        Outcome plain = plain(from);
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), program(from))) {
            TakenImage image = suspendInMidKernel(run);
            String note = ImageStore.open(image.directory())
                    .manifest()
                    .contents()
                    .notes()
                    .get("device " + from + ":0");
            assertThat(note).containsPattern(KERNEL).doesNotContain("at 0 of 1000");

            run.start(Jdk.ofThisProcess(), "resume=" + image.directory(), "devices=" + from + "=" + to);
            Outcome outcome = run.awaitOutcome();

            assertThat(outcome.exitCode()).as(outcome.error()).isZero();
            assertThat(outcome.output()).as(outcome.error()).isEqualTo(plain.output());
        }
    }

    @Test
    void goesOnWhereItIsAfterACheckpoint() throws Exception {
        Outcome plain = plain("cpu");
        Path slow = Files.createFile(directory.resolve("slow"));
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), program("cpu"))) {
            run.start(Jdk.ofThisProcess());
            run.awaitLines(1);
            run.checkpoint();
            Files.delete(slow);
            Outcome outcome = run.awaitOutcome();

            assertThat(outcome.exitCode()).as(outcome.error()).isZero();
            assertThat(outcome.output()).isEqualTo(plain.output());
        }
    }

    @Test
    void namesTheDeviceThatIsMissing() throws Exception {
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), program("cpu"))) {
            TakenImage image = suspendInMidKernel(run);
            run.start(Jdk.ofThisProcess(), "resume=" + image.directory(), "devices=cpu=fpga");
            Outcome outcome = run.awaitOutcome();

            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.error())
                    .contains("cannot resume what was on device cpu:0", "there is no device fpga here", "devices=cpu=");
        }
    }

    private TakenImage suspendInMidKernel(ProgramRun run) throws Exception {
        Path slow = Files.createFile(directory.resolve("slow"));
        run.start(Jdk.ofThisProcess());
        run.awaitLines(1);
        TakenImage image = run.suspend();
        Files.delete(slow);
        return image;
    }

    private Outcome plain(String device) throws IOException, InterruptedException {
        try (ProgramRun run = ProgramRun.in(Files.createDirectories(directory.resolve("plain")), program(device))) {
            run.startPlainly(Jdk.ofThisProcess());
            return run.awaitOutcome();
        }
    }

    private Program program(String device) {
        List<String> classPath = Stream.of(
                        DeviceProgram.class, Accelerators.class, CpuProvider.class, ReferenceProvider.class)
                .map(type ->
                        type.getProtectionDomain().getCodeSource().getLocation().getPath())
                .toList();
        return new Program(
                DeviceProgram.class.getName(),
                List.of(
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-Dpace.slow=" + directory.resolve("slow"),
                        "-cp",
                        String.join(File.pathSeparator, classPath)),
                List.of(device));
    }
}
