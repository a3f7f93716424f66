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
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * One program goes over every ordered pair of backends, from each to another one of its own kind too, each time suspended in the middle of a
 * kernel and resumed by the command.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class RelayIT {
    @TempDir(factory = Trials.class, cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    @Test
    void goesOnFromEveryKindOnEveryOther() throws Exception {
        assertGoesOver(circuit(kinds()), StandardOperations.GEMM_I8, 1024, 64, 4096);
    }

    /** Of floats, whose sums depend on their order and on where they are rounded. */
    @Test
    void floatsAreTheSameToTheBitOnTheProcessorAndByOpenCl() throws Exception {
        assumeThat(Kinds.here(RelayIT.class, "opencl"))
                .as("LEFT OUT: there is no device of OpenCL here")
                .isNotEmpty();
        assertGoesOver(List.of("cpu", "opencl", "cpu"), StandardOperations.GEMM_F32, 1024, 256, 1024);
    }

    private void assertGoesOver(List<String> stops, Operation kernel, long rows, long columns, long inner)
            throws Exception {
        List<String> arguments = RelayProgram.arguments(stops.get(0), kernel, rows, columns, inner, Tolerance.EXACT);
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), program(arguments))) {
            run.start(Jdk.ofThisProcess());
            run.awaitLines(1);
            for (int i = 1; i < stops.size(); i++) {
                TakenImage image = MidKernel.suspend(run, stops.get(i - 1), kernel);
                run.resume(image.directory(), "--device", stops.get(i - 1) + "=" + stops.get(i));
            }
            Files.createFile(directory.resolve(RelayProgram.STOP));
            Outcome outcome = run.awaitOutcome();

            assertThat(outcome.exitCode()).as(outcome.error()).isZero();
            assertThat(outcome.output()).as(outcome.error()).endsWith("all right");
        }
    }

    private static List<String> kinds() {
        List<String> found = Kinds.here(RelayIT.class, "fpga", "opencl", "asic", "onnx", "cpu");
        assumeThat(found).as("LEFT OUT: there is no second kind of device here").hasSizeGreaterThan(1);
        return found;
    }

    /** A way that goes over each ordered pair of names once, also from each name to itself, and ends with the last name. */
    private static List<String> circuit(List<String> names) {
        Set<String> used = new LinkedHashSet<>();
        List<String> way = new ArrayList<>(List.of(names.get(names.size() - 1)));
        while (used.size() < names.size() * names.size()) {
            String here = way.get(way.size() - 1);
            // With the earliest name that is left, the way comes to its last name each time just before it would be
            // stuck.
            String next = names.stream()
                    .filter(name -> !used.contains(here + ">" + name))
                    .findFirst()
                    .orElseThrow();
            used.add(here + ">" + next);
            way.add(next);
        }
        return way;
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
