package dev.ingot.integration.accelerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.ingot.accelerator.cpu.CpuProvider;
import dev.ingot.accelerator.device.Accelerators;
import dev.ingot.accelerator.fpga.FpgaProvider;
import dev.ingot.accelerator.operation.Tolerance;
import dev.ingot.accelerator.standard.StandardOperations;
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
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What the registers of a card hold, read out by its scan chain in the middle of a step, is in an image and is loaded at the resume. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class RegistersIT {
    private static final String IN_MID_STEP = StandardOperations.GEMM_I8
            + " at [0-9]+ of [0-9]+ in a step of \\S+, by name and natively with [0-9]+ bytes of build \\S+";
    private static final int MOST_ATTEMPTS = 20;
    /** Of one step, which is no longer than it must be to be stopped. */
    private static final long INNER = 262_144;

    @TempDir(factory = Trials.class, cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    @Test
    void anotherCardGoesOnFromTheRegistersInTheImage() throws Exception {
        assumeThat(Accelerators.of(List.of(new FpgaProvider())).devices())
                .as("LEFT OUT: the card cannot be built here")
                .isNotEmpty();
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), program())) {
            run.start(Jdk.ofThisProcess());
            run.awaitLines(1);
            TakenImage image = run.suspend();
            // It may be stopped just between two steps.
            for (int attempt = 1; attempt < MOST_ATTEMPTS && !isInMidStep(image); attempt++) {
                run.resume(image.directory());
                run.awaitControl();
                image = run.suspend();
            }
            assertThat(note(image)).containsPattern(IN_MID_STEP);
            List<String> before = record();
            assertThat(before)
                    .last()
                    .asString()
                    .startsWith(RecordedProvider.STOPPED)
                    .contains("busy=1,", "cycles=", "sum[0]=", "inner=");

            Files.createFile(directory.resolve(RelayProgram.STOP));
            run.resume(image.directory());
            Outcome outcome = run.awaitOutcome();
            assertThat(outcome.exitCode()).as(outcome.error()).isZero();
            assertThat(outcome.output()).as(outcome.error()).endsWith("all right");
            String stopped = before.get(before.size() - 1);
            assertThat(record().get(before.size()))
                    .isEqualTo(stopped.substring(0, stopped.indexOf(RecordedProvider.NATIVELY))
                                    .replace(RecordedProvider.STOPPED, RecordedProvider.WENT_ON)
                            + RecordedProvider.NATIVELY + "null ");
        }
    }

    private static boolean isInMidStep(TakenImage image) throws Exception {
        return note(image).contains(" in a step of ");
    }

    private static String note(TakenImage image) throws Exception {
        return ImageStore.open(image.directory())
                .manifest()
                .contents()
                .notes()
                .getOrDefault("device " + RelayProgram.role(0) + " on recorded:0", "none");
    }

    private List<String> record() throws Exception {
        Path record = directory.resolve(RecordedProvider.RECORD);
        return Files.exists(record) ? Files.readAllLines(record) : List.of();
    }

    private static Program program() {
        Set<String> classPath =
                DeviceClassPath.of(RelayProgram.class, Accelerators.class, CpuProvider.class, FpgaProvider.class);
        classPath.add(classPath.iterator().next() + "recorded");
        return new Program(
                RelayProgram.class.getName(),
                List.of("-XX:+UseSerialGC", "-Xmx256m", "-cp", String.join(File.pathSeparator, classPath)),
                RelayProgram.arguments(List.of("recorded"), StandardOperations.GEMM_I8, 8, 8, INNER, Tolerance.EXACT));
    }
}
