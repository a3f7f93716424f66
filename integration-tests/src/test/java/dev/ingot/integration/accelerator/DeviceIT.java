package dev.ingot.integration.accelerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.ingot.accelerator.cpu.CpuProvider;
import dev.ingot.accelerator.device.Accelerators;
import dev.ingot.accelerator.opencl.OpenClProvider;
import dev.ingot.accelerator.share.Share;
import dev.ingot.accelerator.tck.ReferenceProvider;
import dev.ingot.core.control.TakenImage;
import dev.ingot.core.image.ImageStore;
import dev.ingot.integration.Trials;
import dev.ingot.scheduler.pool.WorkloadSpec;
import dev.ingot.testkit.Jdk;
import dev.ingot.testkit.Outcome;
import dev.ingot.testkit.Program;
import dev.ingot.testkit.ProgramRun;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Set;
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
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final String SERVICE = "META-INF/services/dev.ingot.accelerator.backend.AcceleratorProvider";

    private static final long SHORT = 1000;
    private static final long LONG = 4_000_000;
    private static final String KERNEL = "slow-sum@1 at ([0-9]+) of 1000";

    /** Where a file by which processes share a device has what the buffers of the one in row 200 take. */
    private static final long OTHER = Long.BYTES * (8 * 201 + 6);

    @TempDir(factory = Trials.class, cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    @ParameterizedTest(name = "from {0} to {1}")
    @CsvSource({"cpu, cpu", "cpu, reference", "reference, cpu", "hosted, hosted", "hosted, cpu", "cpu, hosted"})
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

    /** A kernel in OpenCL C cannot tell where it is and cannot be slowed, so it is made to take some seconds. */
    @ParameterizedTest(name = "from {0} to {1}")
    @CsvSource({"opencl, opencl", "opencl, cpu", "cpu, opencl"})
    void goesOnInMidKernelOfOpenCl(String from, String to) throws Exception {
        requireOpenCl();
        boolean isSlowed = from.equals("cpu");
        long rounds = isSlowed ? SHORT : LONG;
        Outcome plain = plain(openCl(to, rounds));
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), openCl(from, rounds))) {
            TakenImage image = isSlowed ? suspendInMidKernel(run) : suspendAtOnce(run);
            assertThat(ImageStore.open(image.directory())
                            .manifest()
                            .contents()
                            .notes()
                            .get("device " + from + ":0"))
                    .containsPattern(KERNEL);

            run.resume(image.directory(), "--device", from + "=" + to);
            Outcome outcome = run.awaitOutcome();

            assertThat(outcome.exitCode()).as(outcome.error()).isZero();
            assertThat(outcome.output()).as(outcome.error()).isEqualTo(plain.output());
        }
    }

    private static TakenImage suspendAtOnce(ProgramRun run) throws Exception {
        run.start(Jdk.ofThisProcess());
        run.awaitLines(1);
        return run.suspend();
    }

    private static void requireOpenCl() {
        Accelerators found = Accelerators.of(List.of(new OpenClProvider()));
        if (System.getenv("INGOT_OPENCL_REQUIRED") != null) {
            assertThat(found.devices()).as("%s", found.diagnostics()).isNotEmpty();
        }
        assumeThat(found.devices())
                .as("LEFT OUT: there is no OpenCL device here. %s", found.diagnostics())
                .isNotEmpty();
    }

    @Test
    void goesOnWhereItIsAfterACheckpoint() throws Exception {
        Outcome plain = plain("cpu");
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), program("cpu"))) {
            startUntilMidKernel(run);
            run.checkpoint();
            Files.delete(directory.resolve(SlowSum.SLOW));
            Outcome outcome = run.awaitOutcome();

            assertThat(outcome.exitCode()).as(outcome.error()).isZero();
            assertThat(outcome.output()).isEqualTo(plain.output());
        }
    }

    @Test
    void commandNamesTheDeviceToGoOnOn() throws Exception {
        Outcome plain = plain("cpu");
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), program("cpu"))) {
            TakenImage image = suspendInMidKernel(run);
            run.resume(image.directory(), "--device", "cpu=reference");
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

    /** The environment of a job goes with it wherever a pool has it, so that is where the job says what stands in. */
    @Test
    void goesOnOnWhatItsEnvironmentNamesInsteadOfAMissingDevice() throws Exception {
        Outcome plain = plain("cpu");
        Set<String> classPath =
                DeviceClassPath.of(DeviceProgram.class, Accelerators.class, CpuProvider.class, ReferenceProvider.class);
        Path leaving = directory.resolve("leaving").resolve(SERVICE);
        Files.createDirectories(leaving.getParent());
        Files.copy(Path.of(classPath.iterator().next(), "hosted", SERVICE), leaving);
        classPath.add(directory.resolve("leaving").toString());
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), programOf("hosted", SHORT, classPath))) {
            TakenImage image = suspendInMidKernel(run);
            Files.delete(leaving);
            run.setEnvironment(WorkloadSpec.DEVICE_INSTEAD_VARIABLE, "gpu=cpu");
            run.start(Jdk.ofThisProcess(), "resume=" + image.directory());
            Outcome refused = run.awaitOutcome();
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.error()).contains("there is no device hosted:0 here");

            run.setEnvironment(WorkloadSpec.DEVICE_INSTEAD_VARIABLE, "gpu=opencl; hosted=cpu");
            run.start(Jdk.ofThisProcess(), "resume=" + image.directory());
            Outcome outcome = run.awaitOutcome();
            assertThat(outcome.exitCode()).as(outcome.error()).isZero();
            assertThat(outcome.output()).as(outcome.error()).isEqualTo(plain.output());
        }
    }

    /** What a program may have of its devices is said anew where it is resumed. */
    @Test
    void goesOnWithAShareOfADevice() throws Exception {
        Outcome plain = plain("cpu");
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), program("cpu"))) {
            share(run, "1g");
            TakenImage image = suspendInMidKernel(run);
            share(run, "9000");
            run.start(Jdk.ofThisProcess(), "resume=" + image.directory());
            Outcome refused = run.awaitOutcome();
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.error()).contains("cannot resume what was on device cpu:0", "of the 9000 that test-");

            share(run, "1m");
            run.start(Jdk.ofThisProcess(), "resume=" + image.directory());
            Outcome outcome = run.awaitOutcome();
            assertThat(outcome.exitCode()).as(outcome.error()).isZero();
            assertThat(outcome.output()).isEqualTo(plain.output());
        }
    }

    /** What other processes have counted since in the file by which they share the device is left to them. */
    @Test
    void anImageOfAProgramThatOpensADeviceHasNoneOfWhatProcessesShare() throws Exception {
        String name = "opening-" + ProcessHandle.current().pid();
        Path root = Files.isDirectory(SHARED_MEMORY) ? SHARED_MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
        Path shares = root.resolve("ingot-shares-" + System.getProperty("user.name") + "-" + name + "_0");
        Program opening = new Program(
                OpeningProgram.class.getName(),
                List.of(
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-cp",
                        String.join(File.pathSeparator, DeviceClassPath.of(OpeningProgram.class, Accelerators.class))),
                List.of(name));
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), opening)) {
            run.start(Jdk.ofThisProcess());
            run.awaitLines(1);
            TakenImage image = run.suspend();
            putOther(shares, 42);
            run.start(Jdk.ofThisProcess(), "resume=" + image.directory());
            Files.createFile(directory.resolve("run").resolve("work").resolve(OpeningProgram.MAY_OPEN));
            Outcome outcome = run.awaitOutcome();

            assertThat(outcome.exitCode()).as(outcome.error()).isZero();
            assertThat(outcome.output()).contains("opened HEALTHY");
            assertThat(other(shares)).isEqualTo(42);
        } finally {
            Files.deleteIfExists(shares);
        }
    }

    /** In a row that nobody else has. */
    private static void putOther(Path shares, long number) throws IOException {
        try (FileChannel file = FileChannel.open(shares, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(Long.BYTES).putLong(0, number), OTHER);
        }
    }

    private static long other(Path shares) throws IOException {
        ByteBuffer number = ByteBuffer.allocate(Long.BYTES);
        try (FileChannel file = FileChannel.open(shares)) {
            file.read(number, OTHER);
        }
        return number.getLong(0);
    }

    /** Other processes take away shared memory whose name says that its process is gone. */
    @Test
    void sharedMemoryIsTheResumedProcessesOwn() throws Exception {
        assumeThat(SHARED_MEMORY)
                .as("LEFT OUT: there is no memory to be shared here")
                .isDirectory();
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), program("hosted"))) {
            startUntilMidKernel(run);
            TakenImage image = run.suspend();
            run.start(Jdk.ofThisProcess(), "resume=" + image.directory());
            String own = "ingot-device-" + run.process().pid() + "-";
            await().atMost(LIMIT).until(() -> {
                try (Stream<Path> all = Files.list(SHARED_MEMORY)) {
                    return all.anyMatch(each -> each.getFileName().toString().startsWith(own));
                }
            });
            Files.delete(directory.resolve(SlowSum.SLOW));
            assertThat(run.awaitOutcome().exitCode()).isZero();
        }
    }

    private static void share(ProgramRun run, String memory) {
        run.setEnvironment(
                Share.VARIABLE, "owner=test-" + ProcessHandle.current().pid() + ",weight=2,memory=" + memory);
    }

    private TakenImage suspendInMidKernel(ProgramRun run) throws Exception {
        startUntilMidKernel(run);
        TakenImage image = run.suspend();
        Files.delete(directory.resolve(SlowSum.SLOW));
        return image;
    }

    private void startUntilMidKernel(ProgramRun run) throws Exception {
        Path told = directory.resolve(SlowSum.TOLD);
        Files.deleteIfExists(told);
        Files.createFile(directory.resolve(SlowSum.SLOW));
        run.start(Jdk.ofThisProcess());
        await().atMost(LIMIT).until(() -> Files.exists(told));
    }

    private Outcome plain(String device) throws IOException, InterruptedException {
        return plain(program(device));
    }

    private Outcome plain(Program program) throws IOException, InterruptedException {
        try (ProgramRun run = ProgramRun.in(Files.createDirectories(directory.resolve("plain")), program)) {
            run.startPlainly(Jdk.ofThisProcess());
            return run.awaitOutcome();
        }
    }

    private static Program program(String device) {
        return program(
                device,
                SHORT,
                DeviceClassPath.of(
                        DeviceProgram.class, Accelerators.class, CpuProvider.class, ReferenceProvider.class));
    }

    private static Program openCl(String device, long rounds) {
        return program(
                device,
                rounds,
                DeviceClassPath.of(
                        DeviceProgram.class,
                        Accelerators.class,
                        CpuProvider.class,
                        ReferenceProvider.class,
                        OpenClProvider.class));
    }

    private static Program program(String device, long rounds, Set<String> classPath) {
        classPath.add(classPath.iterator().next() + "hosted");
        return programOf(device, rounds, classPath);
    }

    private static Program programOf(String device, long rounds, Set<String> classPath) {
        return new Program(
                DeviceProgram.class.getName(),
                List.of("-XX:+UseSerialGC", "-Xmx256m", "-cp", String.join(File.pathSeparator, classPath)),
                List.of(device, Long.toString(rounds)));
    }
}
