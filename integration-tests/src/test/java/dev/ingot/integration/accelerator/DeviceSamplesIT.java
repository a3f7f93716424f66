package dev.ingot.integration.accelerator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.accelerator.cpu.CpuProvider;
import dev.ingot.accelerator.device.Accelerators;
import dev.ingot.accelerator.fpga.FpgaProvider;
import dev.ingot.accelerator.onnx.OnnxProvider;
import dev.ingot.accelerator.opencl.OpenClProvider;
import dev.ingot.core.control.TakenImage;
import dev.ingot.core.image.ImageStore;
import dev.ingot.integration.Trials;
import dev.ingot.samples.devices.HashSearch;
import dev.ingot.samples.devices.HeatPlate;
import dev.ingot.samples.devices.ReadDigits;
import dev.ingot.samples.devices.TrainDigits;
import dev.ingot.samples.devices.TrainQuantized;
import dev.ingot.testkit.Jdk;
import dev.ingot.testkit.Outcome;
import dev.ingot.testkit.Program;
import dev.ingot.testkit.ProgramRun;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The samples that compute on devices are suspended in their midst and resumed on other devices, and write the same to the bit. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class DeviceSamplesIT {
    /** Enough for many to be left when the last move begins. */
    private static final int EPOCHS = 300;

    private static final int LINES_ON_EACH = 5;

    @TempDir(factory = Trials.class, cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    /** How many lines the program had written when it was suspended last. */
    private int lines;

    private @Nullable TakenImage taken;

    @Test
    void learnsTheSameWhereverItIs() throws Exception {
        List<String> stops = new ArrayList<>(here("cpu", "toy", "opencl"));
        stops.add("cpu");
        assertLearnsTheSame(training(stops.get(0)), stops, plain(training("cpu")));
    }

    /** With products of bytes a card that is made for nothing else will do. */
    @Test
    void learnsTheSameOnEveryKind() throws Exception {
        List<String> stops = here("fpga", "asic", "opencl", "onnx", "toy", "cpu");
        String epochs = "1200";
        Outcome plain = plain(program(TrainQuantized.class, "cpu", epochs));
        assertThat(plain.output()).hasSize(1201);
        assertLearnsTheSame(program(TrainQuantized.class, stops.get(0), epochs), stops, plain);
    }

    /** From each stop to the next; the picture shows all of them. */
    private void assertLearnsTheSame(Program program, List<String> stops, Outcome plain) throws Exception {
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), program)) {
            run.start(Jdk.ofThisProcess());
            for (int i = 1; i < stops.size(); i++) {
                move(run, "worker-0 on " + stops.get(i - 1) + ":0", stops.get(i - 1) + "=" + stops.get(i));
            }
            assertWritten(run, plain);
            String picture = Files.readString(run.work().resolve("loss.svg"));
            assertThat(stops).allSatisfy(stop -> assertThat(picture).contains(">" + stop + ":0</text>"));
        }
    }

    @Test
    void learnsTheSameOnFewerAndMoreDevices() throws Exception {
        String another = here("opencl", "toy").get(0);
        Outcome plain = plain(training("cpu"));
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), training("cpu,cpu,cpu"))) {
            run.start(Jdk.ofThisProcess());
            move(run, "worker-2 on cpu:0", "worker-1=toy", "worker-2=" + another);
            move(run, "worker-1 on toy:0", "worker-0=" + another, "worker-1=" + another);
            move(run, "worker-1 on " + another + ":0", "worker-1=cpu");
            assertWritten(run, plain);
            assertThat(Files.readString(run.work().resolve("loss.svg")))
                    .contains(">cpu:0</text>", ">" + another + ":0</text>", ">" + another + ":0 and cpu:0</text>");
        }
    }

    @Test
    void searchGoesOnElsewhere() throws Exception {
        Outcome plain = plain(program(HashSearch.class, "cpu", "zebra"));
        assertThat(plain.output()).last().isEqualTo("found zebra");
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), program(HashSearch.class, "cpu,toy", "zebra"))) {
            run.start(Jdk.ofThisProcess());
            move(run, "worker-1 on toy:0", "worker-0=toy", "worker-1=cpu");
            String before = "toy";
            for (String kind : here("fpga", "opencl")) {
                move(run, "worker-0 on " + before + ":0", "worker-0=" + kind);
                before = kind;
            }
            move(run, "worker-0 on " + before + ":0", "worker-0=cpu");
            assertWritten(run, plain);
        }
    }

    @Test
    void simulationGoesOnElsewhere() throws Exception {
        String another = here("opencl", "toy").get(0);
        String[] arguments = {"cpu", "96", "500", "40"};
        Outcome plain = plain(program(HeatPlate.class, arguments));
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), program(HeatPlate.class, arguments))) {
            run.start(Jdk.ofThisProcess());
            move(run, "worker-0 on cpu:0", "cpu=" + another);
            move(run, "worker-0 on " + another + ":0", another + "=cpu");
            assertWritten(run, plain);
            assertThat(run.work().resolve("heat.png"))
                    .hasSameBinaryContentAs(
                            directory.resolve("plain").resolve("work").resolve("heat.png"));
        }
    }

    /** What was learned is read as a model of ONNX, and goes on on an engine for such models. */
    @Test
    void readsWithWhatItLearnedWhereverItIs() throws Exception {
        plain(training("cpu"), "training");
        Path model = directory.resolve("training").resolve("work").resolve("digits.onnx");
        Program reading = program(ReadDigits.class, "cpu", model.toString(), "600");
        Outcome plain = plain(reading);
        assertThat(plain.output()).hasSize(600).last().asString().matches("thousand 600: [6-9][0-9]{2} right");
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), reading)) {
            run.start(Jdk.ofThisProcess());
            move(run, "worker-0 on cpu:0", "cpu=onnx");
            Outcome refused = run.awaitOutcome();
            assertThat(refused.error()).contains("onnx.digits.", "the job has not consented");
            TakenImage image = Objects.requireNonNull(taken);
            run.resume(image.directory(), "--device", "cpu=onnx", "--determinism", "tolerance");
            assertWritten(run, plain);
        }
    }

    private static List<String> here(String... names) {
        return Kinds.here(DeviceSamplesIT.class, names);
    }

    /** Suspends the program some epochs later, and resumes it with these devices replaced. */
    private void move(ProgramRun run, String held, String... replacements) throws Exception {
        run.awaitLines(lines + LINES_ON_EACH);
        TakenImage image = run.suspend();
        taken = image;
        lines = Files.readAllLines(directory.resolve("run").resolve("output-0")).size();
        assertThat(ImageStore.open(image.directory()).manifest().contents().notes())
                .containsKey("device " + held);
        run.resume(
                image.directory(),
                Stream.of(replacements)
                        .flatMap(replacement -> Stream.of("--device", replacement))
                        .toArray(String[]::new));
    }

    private static void assertWritten(ProgramRun run, Outcome plain) throws Exception {
        Outcome outcome = run.awaitOutcome();
        assertThat(outcome.exitCode()).as(outcome.error()).isZero();
        assertThat(outcome.output()).isEqualTo(plain.output());
    }

    private Outcome plain(Program program) throws Exception {
        return plain(program, "plain");
    }

    private Outcome plain(Program program, String place) throws Exception {
        try (ProgramRun run = ProgramRun.in(Files.createDirectories(directory.resolve(place)), program)) {
            run.startPlainly(Jdk.ofThisProcess());
            Outcome outcome = run.awaitOutcome();
            assertThat(outcome.exitCode()).as(outcome.error()).isZero();
            return outcome;
        }
    }

    private static Program training(String devices) {
        return program(TrainDigits.class, devices, Integer.toString(EPOCHS));
    }

    private static Program program(Class<?> sample, String... arguments) {
        Set<String> classPath = DeviceClassPath.of(
                sample,
                Accelerators.class,
                CpuProvider.class,
                OpenClProvider.class,
                OnnxProvider.class,
                FpgaProvider.class);
        return new Program(
                sample.getName(),
                List.of("-XX:+UseSerialGC", "-Xmx256m", "-cp", String.join(File.pathSeparator, classPath)),
                List.of(arguments));
    }
}
