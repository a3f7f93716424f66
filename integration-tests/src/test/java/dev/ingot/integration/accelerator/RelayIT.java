package dev.ingot.integration.accelerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.ingot.accelerator.cpu.CpuProvider;
import dev.ingot.accelerator.device.Accelerators;
import dev.ingot.accelerator.fpga.FpgaProvider;
import dev.ingot.accelerator.onnx.OnnxProvider;
import dev.ingot.accelerator.opencl.OpenClProvider;
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
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * One program computes on devices of all backends at once. Each time it is killed while all of them stand in the middle of a kernel, and goes
 * on with everything that was on one on another one, so that in as many passages as there are backends each has gone to each, also to another
 * device of its own kind.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class RelayIT {
    @TempDir(factory = Trials.class, cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    @Test
    void goesOnFromEveryKindOnEveryOther() throws Exception {
        List<String> kinds = kinds();
        Set<String> passed = goOver(kinds, kinds.size(), StandardOperations.GEMM_I8, 512, 256, 4096);
        assertThat(passed).hasSize(kinds.size() * kinds.size());
    }

    /** Of floats, whose sums depend on their order and on where they are rounded. */
    @Test
    void floatsAreTheSameToTheBitOnTheProcessorAndByOpenCl() throws Exception {
        assumeThat(Kinds.here(RelayIT.class, "opencl"))
                .as("LEFT OUT: there is no device of OpenCL here")
                .isNotEmpty();
        Set<String> passed = goOver(List.of("cpu", "opencl"), 1, StandardOperations.GEMM_F32, 1024, 256, 1024);
        assertThat(passed).containsExactlyInAnyOrder("cpu>opencl", "opencl>cpu");
    }

    /**
     * Returns from which kind to which a kernel went on.
     *
     * @param passages in each of which every device goes to the kind that is one further ahead of its own than in the last
     */
    private Set<String> goOver(List<String> kinds, int passages, Operation kernel, long rows, long columns, long inner)
            throws Exception {
        Set<String> passed = new HashSet<>();
        List<String> present = kinds;
        List<String> arguments = RelayProgram.arguments(present, kernel, rows, columns, inner, Tolerance.EXACT);
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), program(arguments))) {
            run.start(Jdk.ofThisProcess());
            run.awaitLines(1);
            for (int shift = 1; shift <= passages; shift++) {
                List<String> next = shifted(kinds, present, shift);
                goOn(run, kernel, present, next);
                for (int i = 0; i < kinds.size(); i++) {
                    passed.add(present.get(i) + ">" + next.get(i));
                }
                present = next;
            }
            // Where what is left takes least.
            goOn(run, kernel, present, Collections.nCopies(kinds.size(), "cpu"));
            Files.createFile(directory.resolve(RelayProgram.STOP));
            Outcome outcome = run.awaitOutcome();

            assertThat(outcome.exitCode()).as(outcome.error()).isZero();
            assertThat(outcome.output()).as(outcome.error()).endsWith("all right");
        }
        return passed;
    }

    private static void goOn(ProgramRun run, Operation kernel, List<String> present, List<String> next)
            throws Exception {
        TakenImage image = MidKernel.kill(run, kernel, names(present));
        run.resume(image.directory(), replacements(next));
    }

    /** As notes of an image name the devices. */
    private static List<String> names(List<String> kinds) {
        return IntStream.range(0, kinds.size())
                .mapToObj(i -> RelayProgram.role(i) + " on " + kinds.get(i) + ":0")
                .toList();
    }

    /** The kind that is so many behind each of those present. */
    private static List<String> shifted(List<String> kinds, List<String> present, int shift) {
        return present.stream()
                .map(kind -> kinds.get((kinds.indexOf(kind) + shift) % kinds.size()))
                .toList();
    }

    private static String[] replacements(List<String> next) {
        return IntStream.range(0, next.size())
                .boxed()
                .flatMap(i -> Stream.of("--device", RelayProgram.role(i) + "=" + next.get(i)))
                .toArray(String[]::new);
    }

    private static List<String> kinds() {
        List<String> found = Kinds.here(RelayIT.class, "fpga", "opencl", "asic", "onnx", "cpu");
        assumeThat(found).as("LEFT OUT: there is no second kind of device here").hasSizeGreaterThan(1);
        return found;
    }

    private static Program program(List<String> arguments) {
        Set<String> classPath = DeviceClassPath.of(
                RelayProgram.class,
                Accelerators.class,
                CpuProvider.class,
                OpenClProvider.class,
                OnnxProvider.class,
                FpgaProvider.class);
        return new Program(
                RelayProgram.class.getName(),
                List.of("-XX:+UseSerialGC", "-Xmx256m", "-cp", String.join(File.pathSeparator, classPath)),
                arguments);
    }
}
