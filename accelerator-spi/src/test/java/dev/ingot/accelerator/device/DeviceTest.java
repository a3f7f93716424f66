package dev.ingot.accelerator.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.Health;
import dev.ingot.accelerator.backend.AcceleratorProvider;
import dev.ingot.accelerator.backend.Backend;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.NativeImage;
import dev.ingot.accelerator.backend.Registers;
import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Scalars;
import dev.ingot.accelerator.standard.StandardOperations;
import dev.ingot.accelerator.state.Chunk;
import dev.ingot.accelerator.state.DeviceState;
import dev.ingot.accelerator.state.RestorePlan;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 15, unit = TimeUnit.MINUTES)
class DeviceTest {
    private static final Duration DEADLINE = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(50);

    private final SparseProvider here = new SparseProvider("here");
    private final SparseProvider there = new SparseProvider("there");
    private final Accelerators accelerators = Accelerators.of(List.of(here, there));
    private final Timeline done = new Timeline("done");
    private final Device device = accelerators.open(accelerators.named("here").get(0));

    DeviceTest() throws DeviceFault {}

    @AfterEach
    void close() {
        here.steps.release(1_000_000);
        there.steps.release(1_000_000);
        device.close();
    }

    // ---- capture

    @Test
    void secondCaptureReadsOnlyWhatChanged() throws Exception {
        DeviceBuffer buffer = device.allocate("buffer", 5L * Chunk.BYTES);
        device.capture(DEADLINE);
        here.reads.set(0);

        device.capture(DEADLINE);
        assertThat(here.reads).hasValue(0);

        buffer.write(3L * Chunk.BYTES - 1, ByteBuffer.wrap(new byte[] {1, 2}));
        device.capture(DEADLINE);
        assertThat(here.reads).hasValue(2);
    }

    @Test
    void transientContentIsNeverRead() throws Exception {
        DeviceBuffer scratch = device.allocateTransient("scratch", 10);
        scratch.write(0, ByteBuffer.wrap(new byte[] {1}));
        DeviceState state = device.capture(DEADLINE);

        assertThat(here.reads).hasValue(0);
        assertThat(state.buffers()).singleElement().satisfies(buffer -> {
            assertThat(buffer.isTransient()).isTrue();
            assertThat(buffer.chunks()).isEmpty();
        });
        device.moveTo(accelerators, target(), DEADLINE);
        assertThat(read(scratch, 0)).isZero();
    }

    @Test
    void buffersMayBeLargerThanAnArray() throws Exception {
        long bytes = (1L << 31) + 5;
        DeviceBuffer buffer = device.allocate("large", bytes);
        long[] places = {0, (1L << 31) - 1, 1L << 31, bytes - 1};
        for (long place : places) {
            buffer.write(place, ByteBuffer.wrap(new byte[] {(byte) (place % 100 + 1)}));
        }
        device.moveTo(accelerators, target(), DEADLINE);

        for (long place : places) {
            assertThat(read(buffer, place)).as("at %d", place).isEqualTo((byte) (place % 100 + 1));
        }
        assertThat(read(buffer, 1L << 30)).isZero();
        assertThatThrownBy(() -> read(buffer, bytes)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    /** In one call what lies in several pieces. The file has holes. */
    @Test
    void writesAcrossPieces(@TempDir Path directory) throws Exception {
        DeviceBuffer buffer = device.allocate("large", HostMemory.LARGEST_SEGMENT + 16);
        HostMemory content;
        try (FileChannel file = FileChannel.open(
                directory.resolve("large"),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[] {2}), HostMemory.LARGEST_SEGMENT + 8);
            content = HostMemory.map(file);
        }
        content.putByte(0, (byte) 1);
        long before = buffer.version();
        buffer.write(7, content);
        assertThat(buffer.version()).isGreaterThan(before);
        assertThat(read(buffer, 7)).isOne();
        assertThat(read(buffer, HostMemory.LARGEST_SEGMENT + 15)).isEqualTo((byte) 2);

        HostMemory last = HostMemory.allocate(9);
        buffer.read(HostMemory.LARGEST_SEGMENT + 7, last);
        assertThat(last.getByte(8)).isEqualTo((byte) 2);
        assertThatThrownBy(() -> buffer.write(8, content)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    /** Neither to copy what has changed nor to come to a safe point. */
    @Test
    void aStepThatCanBeStoppedIsNotWaitedFor() throws Exception {
        EndlessProvider endless = new EndlessProvider();
        Accelerators other = Accelerators.of(List.of(endless));
        try (Device stopped = other.open(other.devices().get(0))) {
            Timeline done = submitEndless(stopped);
            endless.begun.await();
            DeviceState state = stopped.capture(DEADLINE);

            assertThat(state.commands()).singleElement().satisfies(command -> {
                Registers registers = Objects.requireNonNull(command.registers());
                assertThat(registers.design()).isEqualTo("counter");
                assertThat(registers.values()).containsEntry("stops", BigInteger.ONE);
            });
            while (done.value() == 0) {
                stopped.capture(DEADLINE);
            }
        }
    }

    private static Timeline submitEndless(Device stopped) throws DeviceFault, InterruptedException {
        DeviceBuffer out = stopped.allocate("out", 16 * 100);
        Timeline done = new Timeline("done");
        Scalars scalars =
                Scalars.of("blocks", 100L).and("counter", 0L).and("stream", 0L).and("key", 0L);
        stopped.createQueue("queue")
                .submit(Kernel.of(StandardOperations.PHILOX_4X32, List.of(out), scalars), new TimelinePoint(done, 1));
        return done;
    }

    // ---- native state

    /** Natively on the build that it is of, by name on another build of the design, both in the middle of the step. */
    @Test
    void aStepGoesOnByTheBestLevelThatTheTargetTakes() throws Exception {
        EndlessProvider one = new EndlessProvider("one", "build 1");
        EndlessProvider same = new EndlessProvider("same", "build 1");
        EndlessProvider other = new EndlessProvider("other", "build 2");
        Accelerators all = Accelerators.of(List.of(one, same, other));
        try (Device moved = all.open(all.named("one").get(0))) {
            Timeline done = submitEndless(moved);
            one.begun.await();
            RestorePlan natively = moved.moveTo(all, all.named("same").get(0), DEADLINE);
            same.begun.await();
            RestorePlan byName = moved.moveTo(all, all.named("other").get(0), DEADLINE);
            while (done.value() == 0) {
                moved.capture(DEADLINE);
            }

            assertThat(natively.mode()).isEqualTo(RestorePlan.Mode.NATIVE);
            assertThat(natively.recomputed()).isZero();
            assertThat(byName.mode()).isEqualTo(RestorePlan.Mode.NAMED);
            assertThat(byName.reasons()).singleElement().asString().contains("is of build build 2, not build 1");
            assertThat(same.froms.get(0))
                    .hasValueSatisfying(from ->
                            assertThat(from.nativeImage()).isEqualTo(NativeImage.of("build 1", new byte[] {1})));
            assertThat(other.froms.get(0)).hasValueSatisfying(from -> {
                assertThat(from.nativeImage()).isNull();
                assertThat(from.values()).containsEntry("stops", BigInteger.TWO);
            });
        }
    }

    @Test
    void damagedNativeStateIsRefusedAndTheTargetUntouched() throws Exception {
        EndlessProvider one = new EndlessProvider("one", "build 1");
        EndlessProvider same = new EndlessProvider("same", "build 1");
        one.change = image -> NativeImage.restored(image.build(), new byte[] {9}, image.digest());
        Accelerators all = Accelerators.of(List.of(one, same));
        try (Device moved = all.open(all.named("one").get(0))) {
            submitEndless(moved);
            one.begun.await();

            assertThatThrownBy(() -> moved.moveTo(all, all.named("same").get(0), DEADLINE))
                    .isInstanceOfSatisfying(
                            DeviceFault.class,
                            fault -> assertThat(fault.code()).isEqualTo(DeviceFault.Code.STATE_REJECTED))
                    .hasMessageContaining("the native state of philox.4x32@1 is damaged");
            assertThat(same.opened).hasValue(0);
            assertThat(moved.descriptor().provider()).isEqualTo("one");
            // Its step goes on for ever; so long is waited for it.
            moved.setWatchdog(SHORT);
        }
    }

    /** What is damaged is in nobody's way who does not need it. */
    @Test
    void damagedNativeStateIsNotNeededElsewhere() throws Exception {
        EndlessProvider one = new EndlessProvider("one", "build 1");
        EndlessProvider other = new EndlessProvider("other", "build 2");
        one.change = image -> NativeImage.restored(image.build(), new byte[] {9}, image.digest());
        Accelerators all = Accelerators.of(List.of(one, other));
        try (Device moved = all.open(all.named("one").get(0))) {
            Timeline done = submitEndless(moved);
            one.begun.await();
            assertThat(moved.moveTo(all, all.named("other").get(0), DEADLINE).mode())
                    .isEqualTo(RestorePlan.Mode.NAMED);
            while (done.value() == 0) {
                moved.capture(DEADLINE);
            }
        }
    }

    // ---- moves

    @Test
    void damagedContentIsRefusedAndTheTargetUntouched() throws Exception {
        DeviceBuffer buffer = device.allocate("buffer", 10);
        buffer.write(0, ByteBuffer.wrap(new byte[] {7}));
        device.capture(DEADLINE);
        here.readInto.get(0)[5] ^= 1;

        assertThatThrownBy(() -> device.moveTo(accelerators, target(), DEADLINE))
                .isInstanceOfSatisfying(
                        DeviceFault.class,
                        fault -> assertThat(fault.code()).isEqualTo(DeviceFault.Code.SILENT_CORRUPTION))
                .hasMessageContaining("the content of buffer buffer is damaged");
        assertThat(there.opened).hasValue(0);
        assertThat(device.descriptor().provider()).isEqualTo("here");
        assertThat(read(buffer, 0)).isEqualTo((byte) 7);
    }

    @Test
    void moveClosesWhatItLeaves() throws Exception {
        device.moveTo(accelerators, target(), DEADLINE);

        assertThat(here.closed).hasValue(1);
        device.close();
        assertThat(there.closed).hasValue(1);
    }

    /** One of another major version is left out by name; one that knows nothing of later methods works. */
    @Test
    void providersOfOtherVersionsDoNotHideOthers() {
        Accelerators found = Accelerators.of(List.of(new AncientProvider(), here));

        assertThat(found.devices())
                .singleElement()
                .satisfies(device -> assertThat(device.provider()).isEqualTo("here"));
        assertThat(found.diagnostics())
                .containsExactly("provider ancient was written for version 0 of the interface, this is 1");
        assertThat(device.health().status()).isEqualTo(Health.Status.HEALTHY);
    }

    private static final class AncientProvider implements AcceleratorProvider {
        @Override
        public String name() {
            return "ancient";
        }

        @Override
        public int majorVersion() {
            return 0;
        }

        @Override
        public List<DeviceDescriptor> discover() {
            throw new IllegalStateException("nobody may ask");
        }

        @Override
        public Backend open(String id) {
            throw new IllegalStateException("nobody may ask");
        }
    }

    @Test
    void saysHowItIsAndSinceWhen() throws Exception {
        Health healthy = device.health();
        assertThat(healthy.reason()).isEmpty();
        assertThat(device.health()).isEqualTo(healthy);
        Custody hanging = new Custody("hanging");
        hanging.watchdog(Duration.ofMillis(1));
        hanging.beginStep(device.createQueue("another"), new Command.Fill(device.allocate("byte", 1), 0, 1, (byte) 1));
        await().atMost(DEADLINE).until(() -> hanging.health(null).status() == Health.Status.HANGING);
        assertThat(hanging.health(null).reason()).contains("takes longer than 1 ms");
        // Nobody waits for anything of it.
        device.setWatchdog(Duration.ofMillis(1));
        submit();
        await().atMost(DEADLINE).until(() -> device.health().status() == Health.Status.LOST);

        Health lost = device.health();
        assertThat(lost.status()).isEqualTo(Health.Status.LOST);
        assertThat(lost.reason()).contains("did not reach a safe point");
        assertThat(lost.since()).isAfterOrEqualTo(healthy.since());
        device.close();
        assertThat(device.health().status()).isEqualTo(Health.Status.CLOSED);
    }

    @Test
    void providersNameComesBeforeAKinds() {
        SparseProvider other = new SparseProvider("other");

        assertThat(accelerators.named("other")).hasSize(2);
        assertThat(Accelerators.of(List.of(here, other)).named("other"))
                .singleElement()
                .satisfies(device -> assertThat(device.provider()).isEqualTo("other"));
    }

    /** To look for devices may take a process and the start of a driver for each provider. */
    @Test
    void asksNoMoreProvidersThanItNeeds() {
        assertThat(askedFor("one:0")).containsExactly(1, 0);
        assertThat(askedFor("two")).containsExactly(0, 1);
        assertThat(askedFor("one", "two:0")).containsExactly(1, 1);
    }

    @Test
    void asksAllProvidersOnceForWhatIsNoDevicesOwnName() {
        assertThat(askedFor("other")).containsExactly(1, 1);
        assertThat(askedFor("one:7")).containsExactly(1, 1);
        assertThat(askedFor("one", "other")).containsExactly(1, 1);
        assertThat(askedFor("on")).containsExactly(1, 1);
    }

    private static List<Integer> askedFor(String... names) {
        CrowdedProvider one = new CrowdedProvider("one");
        CrowdedProvider two = new CrowdedProvider("two");
        Accelerators found = Accelerators.of(List.of(one, two), new ArrayList<>(), Set.of(names));
        for (String name : names) {
            assertThat(found.named(name))
                    .hasSameElementsAs(Accelerators.of(List.of(new CrowdedProvider("one"), new CrowdedProvider("two")))
                            .named(name));
        }
        return List.of(one.asked.get(), two.asked.get());
    }

    // ---- hanging

    @Test
    void deadlineFailsTheCaptureAndTheDeviceGoesOn() throws Exception {
        submit();
        await().atMost(Duration.ofMinutes(2)).until(() -> !here.begun.isEmpty());

        assertThatThrownBy(() -> device.capture(SHORT))
                .isInstanceOfSatisfying(
                        DeviceFault.class, fault -> assertThat(fault.code()).isEqualTo(DeviceFault.Code.HANG))
                .hasMessageContainingAll("did not reach a safe point within 50 ms", "philox.4x32@1");
        here.steps.release(1_000_000);
        done.await(1);
    }

    /** Of several devices the content of each is copied before the first of them is stopped. */
    @Test
    void aDeviceWorksOnWhileAnotherIsCopied() throws Exception {
        submit();
        await().atMost(Duration.ofMinutes(2)).until(() -> !here.begun.isEmpty());
        try (Device other = accelerators.open(target())) {
            other.allocate("content", 10).write(0, ByteBuffer.wrap(new byte[] {1}));
            there.beforeRead = () -> {
                int before = here.begun.size();
                here.steps.release();
                await().atMost(Duration.ofSeconds(10)).until(() -> here.begun.size() > before);
                here.steps.release(1_000_000);
            };

            OpenDevices.freeze(DEADLINE.toNanos());
            assertThat(OpenDevices.held()).hasSize(2);
            OpenDevices.thaw();
        }
        done.await(1);
    }

    @Test
    void watchdogGivesAHangingDeviceUp() throws Exception {
        device.setWatchdog(SHORT);
        submit();

        assertThatThrownBy(() -> done.await(1)).isInstanceOfSatisfying(DeviceFault.class, fault -> {
            assertThat(fault.code()).isEqualTo(DeviceFault.Code.HANG);
            assertThat(fault.retryable()).isTrue();
        });
        assertThatThrownBy(() -> device.allocate("more", 1)).isInstanceOf(DeviceFault.class);
    }

    /** What a stopped process, or one in a debugger, has not done in that time says nothing about the device. */
    @Test
    void timeInWhichTheProcessStoodStillCountsForNoStep() throws Exception {
        submit();
        await().atMost(DEADLINE).until(() -> !here.begun.isEmpty());
        long now = System.nanoTime() + TimeUnit.SECONDS.toNanos(100);

        device.loseIfHanging(now, TimeUnit.SECONDS.toNanos(90));
        assertThat(device.health().status()).isEqualTo(Health.Status.HEALTHY);
        device.loseIfHanging(now + TimeUnit.SECONDS.toNanos(100), 0);
        assertThat(device.health().status()).isEqualTo(Health.Status.LOST);
    }

    @Test
    void onlyWhatIsBeyondARoundOfTheWatchdogIsTakenForStandingStill() {
        assertThat(Watchdog.stood(TimeUnit.MILLISECONDS.toNanos(400))).isZero();
        assertThat(Watchdog.stood(TimeUnit.MILLISECONDS.toNanos(60_400))).isEqualTo(TimeUnit.SECONDS.toNanos(60));
    }

    /** Neither a backend that cannot end its step nor an interrupt of all threads leaves other devices unwatched. */
    @Test
    void watchdogOutlivesWhatGoesWrong() throws Exception {
        here.abort = () -> {
            throw new OutOfMemoryError("as if");
        };
        submit();
        device.setWatchdog(SHORT);
        await().atMost(DEADLINE).until(() -> device.health().status() == Health.Status.LOST);
        assertThat(device.health().reason()).contains("cannot watch over here:0", "OutOfMemoryError: as if");

        watchdogThread().interrupt();
        try (Device other = accelerators.open(target())) {
            submit(other);
            other.setWatchdog(SHORT);
            await().atMost(DEADLINE).until(() -> other.health().status() == Health.Status.LOST);
            assertThat(other.health().reason()).contains("did not reach a safe point");
            there.steps.release(1_000_000);
        }
    }

    private static Thread watchdogThread() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("Ingot device watchdog"))
                .findFirst()
                .orElseThrow();
    }

    /** It was over its time when the watchdog looked, and done before the device was given up. */
    @Test
    void aStepThatEndsMeanwhileCostsNoDevice() throws Exception {
        submit();
        await().atMost(DEADLINE).until(() -> !here.begun.isEmpty());
        here.abort = () -> {
            here.steps.release(1_000_000);
            await().atMost(DEADLINE).until(() -> done.value() == 1);
            return false;
        };

        device.loseIfHanging(System.nanoTime() + TimeUnit.SECONDS.toNanos(100), 0);
        assertThat(device.health().status()).isEqualTo(Health.Status.HEALTHY);
    }

    @Test
    void aDeviceThatNobodyCanWatchIsLost() {
        Runnable watch = () -> {
            throw new LinkageError("no more threads");
        };
        new CommandLoop(device, new Custody("another"), there.open("0"), Objects.requireNonNull(device.turns()), watch)
                .run();

        assertThat(device.health().status()).isEqualTo(Health.Status.LOST);
        assertThat(device.health().reason()).contains("cannot watch over here:0", "no more threads");
    }

    @Test
    void watchdogNeedsAPositiveDuration() {
        assertThatThrownBy(() -> device.setWatchdog(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }

    // ---- closing

    @Test
    void closesOnceAndFailsWhatIsPending() throws Exception {
        submit();
        await().atMost(Duration.ofMinutes(2)).until(() -> !here.begun.isEmpty());
        Thread closing = new Thread(device::close, "closing");
        closing.start();
        await().atMost(DEADLINE).until(() -> device.health().status() == Health.Status.CLOSED);
        here.steps.release(1_000_000);
        closing.join();
        device.close();

        assertThat(here.closed).hasValue(1);
        assertThatThrownBy(() -> done.await(1)).isInstanceOf(DeviceFault.class).hasMessageContaining("was closed");
        assertThatThrownBy(() -> device.allocate("more", 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> device.capture(DEADLINE)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void freesOnceAndNotWhatIsInUse() throws Exception {
        DeviceBuffer idle = device.allocate("idle", 10);
        idle.free();
        idle.free();
        assertThatThrownBy(() -> read(idle, 0)).isInstanceOf(IllegalStateException.class);

        DeviceBuffer used = device.allocate("used", 10);
        Timeline never = new Timeline("never");
        device.createQueue("queue")
                .submit(
                        List.of(new TimelinePoint(never, 1)),
                        List.of(new Command.Fill(used, 0, 10, (byte) 1)),
                        List.of());
        assertThatThrownBy(used::free).isInstanceOf(IllegalStateException.class).hasMessageContaining("uses it");
    }

    /** Enough random numbers for several steps. */
    private DeviceBuffer submit() throws DeviceFault, InterruptedException {
        return submit(device);
    }

    private DeviceBuffer submit(Device device) throws DeviceFault, InterruptedException {
        DeviceBuffer out = device.allocate("out", 16 * 1000);
        Scalars scalars =
                Scalars.of("blocks", 1000L).and("counter", 0L).and("stream", 0L).and("key", 0L);
        device.createQueue("queue")
                .submit(Kernel.of(StandardOperations.PHILOX_4X32, List.of(out), scalars), new TimelinePoint(done, 1));
        return out;
    }

    private DeviceDescriptor target() {
        return accelerators.named("there").get(0);
    }

    private static byte read(DeviceBuffer buffer, long place) throws DeviceFault, InterruptedException {
        ByteBuffer one = ByteBuffer.allocate(1);
        buffer.read(place, one);
        return one.get(0);
    }
}
