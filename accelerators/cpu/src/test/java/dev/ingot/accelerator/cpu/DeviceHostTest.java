package dev.ingot.accelerator.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.Health;
import dev.ingot.accelerator.device.Accelerators;
import dev.ingot.accelerator.device.Device;
import dev.ingot.accelerator.device.DeviceBuffer;
import dev.ingot.accelerator.share.Share;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A device host that crashes or does not come back, and a program that does. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class DeviceHostTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(500);
    private static final Path SHARED = Path.of("/dev/shm");

    /** Of other tests in this JVM, whose providers have hosts ready. */
    private final List<Path> sharedBefore = sharedBy(ProcessHandle.current().pid());

    private final Accelerators accelerators = Accelerators.of(List.of(new HostedCpuProvider()));
    private final Device device =
            accelerators.open(accelerators.named("hosted-cpu").get(0));

    @TempDir
    private Path directory;

    DeviceHostTest() throws DeviceFault, IOException {}

    @AfterEach
    void close() throws IOException {
        WatchedRun.release(directory);
        device.close();
    }

    @ParameterizedTest
    @EnumSource
    void crashInMidKernelCostsNothingButTime(Watched watched) throws Exception {
        DeviceBuffer other = device.allocate("other", 10);
        other.write(0, ByteBuffer.wrap(new byte[] {7}));
        WatchedRun.hold(directory);
        WatchedRun run = new WatchedRun(device, watched, directory);
        ProcessHandle host = run.awaitProcess();
        assertThat(host.pid()).isNotEqualTo(ProcessHandle.current().pid());
        WatchedRun.release(directory);
        host.destroyForcibly();

        run.awaitEnd();
        assertThat(run.results()).isEqualTo(WatchedRun.expected());
        assertThat(run.awaitProcess().pid()).isNotEqualTo(host.pid());
        ByteBuffer first = ByteBuffer.allocate(1);
        other.read(0, first);
        assertThat(first.get(0)).isEqualTo((byte) 7);
    }

    /** Device hosts share memory with their programs, of which there is so much. */
    @Test
    void moreMemoryThanThereIsIsGuaranteedToNobody() throws Exception {
        Accelerators rich = accelerators.sharing(new Share("rich", 1, 1L << 50));

        assertThatThrownBy(() -> rich.open(device.descriptor()))
                .isInstanceOfSatisfying(
                        DeviceFault.class, fault -> assertThat(fault.code()).isEqualTo(DeviceFault.Code.OUT_OF_MEMORY))
                .hasMessageContaining("cannot guarantee " + (1L << 50) + " bytes")
                .hasMessageContaining("memory=");
        Share modest = new Share("modest", 1, 1 << 20);
        try (Device shared = accelerators.sharing(modest).open(device.descriptor())) {
            assertThat(shared.allocate("all", 1 << 20).bytes()).isEqualTo(1 << 20);
            assertThatThrownBy(() -> shared.allocate("more", 1)).isInstanceOf(DeviceFault.class);
        }
    }

    @Test
    void crashOfAnIdleHostIsNotNoticed() throws Exception {
        WatchedRun run = new WatchedRun(device, Watched.APART, directory);
        run.awaitEnd();
        ProcessHandle host = run.awaitProcess();
        host.destroyForcibly();
        await().atMost(LIMIT).until(() -> !host.isAlive());

        WatchedRun again = new WatchedRun(device, Watched.IN_PLACE, directory);
        again.awaitEnd();
        assertThat(again.results()).isEqualTo(WatchedRun.expected());
        assertThat(device.health().status()).isEqualTo(Health.Status.DEGRADED);
        assertThat(device.health().reason()).isEqualTo("its device host had to be replaced 1 time");
    }

    @ParameterizedTest
    @EnumSource
    void endlessKernelIsEndedAndDoneAgain(Watched watched) throws Exception {
        WatchedRun.hold(directory);
        WatchedRun run = new WatchedRun(device, watched, directory);
        ProcessHandle host = run.awaitProcess();
        device.setWatchdog(SHORT);
        CompletableFuture<Void> released = host.onExit().thenRun(() -> {
            device.setWatchdog(LIMIT);
            release();
        });

        run.awaitEnd();
        released.join();
        assertThat(run.results()).isEqualTo(WatchedRun.expected());
        assertThat(host.isAlive()).isFalse();
    }

    private void release() {
        try {
            WatchedRun.release(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void kernelThatNeverEndsFailsItsQueueAlone() throws Exception {
        WatchedRun.hold(directory);
        device.setWatchdog(SHORT);
        WatchedRun run = new WatchedRun(device, Watched.APART, directory);

        assertThatThrownBy(run::awaitEnd).isInstanceOfSatisfying(DeviceFault.class, fault -> {
            assertThat(fault.code()).isEqualTo(DeviceFault.Code.HANG);
            assertThat(fault.scope()).isEqualTo(DeviceFault.Scope.COMMAND);
        });
        device.setWatchdog(LIMIT);
        WatchedRun.release(directory);
        WatchedRun next = new WatchedRun(device, Watched.IN_PLACE, directory);
        next.awaitEnd();
        assertThat(next.results()).isEqualTo(WatchedRun.expected());
    }

    @Test
    void buffersMayNotTakeMoreThanTheDeviceHas() throws Exception {
        device.allocate("some", 1000);

        assertThatThrownBy(() -> device.allocate("rest", device.descriptor().memoryBytes() - 999))
                .isInstanceOfSatisfying(
                        DeviceFault.class, fault -> assertThat(fault.code()).isEqualTo(DeviceFault.Code.OUT_OF_MEMORY));
    }

    @Test
    void closedDeviceLeavesNothingBehind() throws Exception {
        WatchedRun run = new WatchedRun(device, Watched.APART, directory);
        run.awaitEnd();
        ProcessHandle host = run.awaitProcess();
        device.close();

        await().atMost(LIMIT).until(() -> !host.isAlive());
        assertThat(sharedBy(ProcessHandle.current().pid())).isSubsetOf(sharedBefore);
    }

    /** Its shared memory is removed by the next that shares some. */
    @Test
    void hostEndsWithItsProgram() throws Exception {
        WatchedRun.hold(directory);
        Process program = start();
        ProcessHandle host = WatchedRun.awaitProcess(directory);
        program.destroyForcibly().waitFor();

        await().atMost(LIMIT).until(() -> !host.isAlive());
        accelerators.open(accelerators.named("hosted-cpu").get(0)).close();
        assertThat(sharedBy(program.pid())).isEmpty();
    }

    @Test
    void idleHostRemovesWhatItsProgramLeft() throws Exception {
        Process program = start();
        program.waitFor();

        await().atMost(LIMIT).until(() -> sharedBy(program.pid()).isEmpty());
    }

    private Process start() throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        CarelessProgram.class.getName(),
                        directory.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static List<Path> sharedBy(long process) throws IOException {
        try (Stream<Path> files = Files.list(SHARED)) {
            return files.filter(file -> file.getFileName().toString().startsWith("ingot-device-" + process + "-"))
                    .toList();
        }
    }

    /** Waits for an operation, which may be held, and ends without closing anything. */
    static final class CarelessProgram {
        private CarelessProgram() {}

        public static void main(String[] arguments) throws DeviceFault, InterruptedException {
            Accelerators accelerators = Accelerators.of(List.of(new HostedCpuProvider()));
            Device device = accelerators.open(accelerators.devices().get(0));
            new WatchedRun(device, Watched.APART, Path.of(arguments[0])).awaitEnd();
        }
    }
}
