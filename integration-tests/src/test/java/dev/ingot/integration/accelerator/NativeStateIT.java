package dev.ingot.integration.accelerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.ingot.accelerator.asic.AsicProvider;
import dev.ingot.accelerator.cpu.CpuProvider;
import dev.ingot.accelerator.device.Accelerators;
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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A program is suspended while its kernel is in the middle of a step on a card without a scan chain. The image has the card's native state,
 * from which a card of the same build goes on; every other device computes the step again.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class NativeStateIT {
    private static final String IN_MID_STEP = StandardOperations.GEMM_I8
            + " at 0 of 8 in a step of systolic@\\S+, natively with [0-9]+ bytes of build \\S+";
    private static final int MOST_ATTEMPTS = 20;
    /** Of one step, which is no longer than it must be to be stopped. */
    private static final long INNER = 262_144;

    @TempDir(factory = Trials.class, cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    @BeforeAll
    static void requireTools() {
        assumeThat(Accelerators.of(List.of(new AsicProvider())).devices())
                .as("LEFT OUT: the card cannot be built here")
                .isNotEmpty();
    }

    @Test
    void theSameBuildGoesOnInTheMiddleOfTheStep() throws Exception {
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), program())) {
            TakenImage image = suspendInMidStep(run);
            List<String> before = record();
            String stopped = before.get(before.size() - 1);
            assertThat(stopped)
                    .startsWith(RecordedProvider.STOPPED + "systolic@")
                    .contains(" 0-8 {}, natively ");

            assertEndsAsAlways(run, image);
            assertThat(record().get(before.size()))
                    .isEqualTo(stopped.replace(RecordedProvider.STOPPED, RecordedProvider.WENT_ON));
        }
    }

    @Test
    void anotherBuildComputesTheStepAgain() throws Exception {
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), program())) {
            TakenImage image = suspendInMidStep(run);
            List<String> before = record();
            Files.createFile(directory.resolve(RecordedAsic.REBUILT));

            assertEndsAsAlways(run, image);
            assertThat(record()).isEqualTo(before);
        }
    }

    @Test
    void anotherKindComputesTheStepAgain() throws Exception {
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), program())) {
            TakenImage image = suspendInMidStep(run);
            List<String> before = record();

            assertEndsAsAlways(run, image, "--device", RecordedAsic.NAME + "=cpu");
            assertThat(record()).isEqualTo(before);
        }
    }

    private void assertEndsAsAlways(ProgramRun run, TakenImage image, String... options) throws Exception {
        Files.createFile(directory.resolve(RelayProgram.STOP));
        run.resume(image.directory(), options);
        Outcome outcome = run.awaitOutcome();
        assertThat(outcome.exitCode()).as(outcome.error()).isZero();
        assertThat(outcome.output()).as(outcome.error()).endsWith("all right");
    }

    private TakenImage suspendInMidStep(ProgramRun run) throws Exception {
        run.start(Jdk.ofThisProcess());
        run.awaitLines(1);
        TakenImage image = run.suspend();
        // It may be stopped just between two steps.
        for (int attempt = 1; attempt < MOST_ATTEMPTS && !note(image).contains(" in a step of "); attempt++) {
            run.resume(image.directory());
            run.awaitControl();
            image = run.suspend();
        }
        assertThat(note(image)).containsPattern(IN_MID_STEP);
        return image;
    }

    private static String note(TakenImage image) throws Exception {
        return ImageStore.open(image.directory())
                .manifest()
                .contents()
                .notes()
                .getOrDefault("device " + RelayProgram.role(0) + " on " + RecordedAsic.NAME + ":0", "none");
    }

    private List<String> record() throws Exception {
        return Files.readAllLines(directory.resolve(RecordedProvider.RECORD));
    }

    private static Program program() {
        Set<String> classPath =
                DeviceClassPath.of(RelayProgram.class, Accelerators.class, CpuProvider.class, AsicProvider.class);
        classPath.add(classPath.iterator().next() + RecordedAsic.NAME);
        return new Program(
                RelayProgram.class.getName(),
                List.of("-XX:+UseSerialGC", "-Xmx256m", "-cp", String.join(File.pathSeparator, classPath)),
                RelayProgram.arguments(
                        List.of(RecordedAsic.NAME), StandardOperations.GEMM_I8, 8, 8, INNER, Tolerance.EXACT));
    }
}
