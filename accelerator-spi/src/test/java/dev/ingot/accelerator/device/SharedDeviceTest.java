package dev.ingot.accelerator.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.operation.Scalars;
import dev.ingot.accelerator.share.Share;
import dev.ingot.accelerator.standard.StandardOperations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Devices that are one and the same, opened by several owners. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SharedDeviceTest {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Path SHARED = Path.of("/dev/shm");

    private final String name = "shared-" + ProcessHandle.current().pid();
    private final CrowdedProvider provider = new CrowdedProvider(name);
    private final SparseProvider elsewhere = new SparseProvider("elsewhere");
    private final Accelerators accelerators = Accelerators.of(List.of(provider, elsewhere));
    private final List<Device> opened = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        opened.forEach(Device::close);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(root(), "ingot-shares-*-{shared,elsewhere}*")) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    private static Path root() {
        return Files.isDirectory(SHARED) ? SHARED : Path.of(System.getProperty("java.io.tmpdir"));
    }

    private Device open(Share share) throws DeviceFault {
        Device device =
                accelerators.sharing(share).open(accelerators.named(name).get(0));
        opened.add(device);
        return device;
    }

    private static Timeline submit(Device device, long blocks) throws DeviceFault, InterruptedException {
        DeviceBuffer out = device.allocate("out", 16 * blocks);
        Timeline done = new Timeline("done");
        Kernel kernel = Kernel.of(
                StandardOperations.PHILOX_4X32,
                List.of(out),
                Scalars.of("blocks", blocks)
                        .and("counter", 0L)
                        .and("stream", 0L)
                        .and("key", 0L));
        device.createQueue("queue").submit(kernel, new TimelinePoint(done, 1));
        return done;
    }

    @Test
    void ownersComputeInTurns() throws Exception {
        List<Timeline> ends = new ArrayList<>();
        for (String owner : List.of("a", "b", "c")) {
            ends.add(submit(open(new Share(owner, 1, 1 << 20)), 3000));
        }
        for (Timeline end : ends) {
            end.await(1);
        }

        assertThat(provider.most).hasValue(1);
        assertThat(provider.items).hasValue(9000);
    }

    /** There are not so many places among those that share a device. */
    @Test
    @SuppressWarnings("NullAway")
    void whatIsRefusedTakesNoPlace() throws Exception {
        Accelerators shared = accelerators.sharing(new Share("a", 1, 1000));
        for (int i = 0; i < 300; i++) {
            assertThatNullPointerException()
                    .isThrownBy(() -> shared.open(shared.named(name).get(0), null));
        }
        open(new Share("a", 1, 1000));
    }

    /** Who waits for its turn stands at a safe point. */
    @Test
    void oneThatWaitsCanBeMovedAway() throws Exception {
        elsewhere.steps.release(1_000_000);
        Device first = open(new Share("a", 1, 1 << 20));
        provider.hold();
        Timeline end = submit(first, 100);
        provider.awaitHeld();
        Device second = open(new Share("b", 1, 1 << 20));
        Timeline other = submit(second, 100);
        second.moveTo(accelerators, accelerators.named("elsewhere").get(0), DEADLINE);
        other.await(1);

        assertThat(end.value()).isZero();
        provider.release();
        end.await(1);
    }

    @Test
    void buffersTakeNoMoreThanTheShare() throws Exception {
        Device device = open(new Share("a", 1, 1000));
        DeviceBuffer buffer = device.allocate("some", 600);
        Device another = open(new Share("a", 1, 1000));

        assertThatThrownBy(() -> another.allocate("rest", 401))
                .isInstanceOfSatisfying(
                        DeviceFault.class, fault -> assertThat(fault.code()).isEqualTo(DeviceFault.Code.OUT_OF_MEMORY));
        another.allocate("less", 400);
        buffer.free();
        another.allocate("more", 600);
        another.close();
        device.allocate("all", 1000);
    }

    @Test
    void aMoveThatIsTooMuchForTheShareIsRefused() throws Exception {
        Device device = open(new Share("a", 1, 1000));
        DeviceBuffer buffer = device.allocate("some", 600);
        buffer.write(0, ByteBuffer.wrap(new byte[] {7}));
        Accelerators poor = accelerators.sharing(new Share("a", 1, 500));

        assertThatThrownBy(() -> device.moveTo(poor, poor.named("elsewhere").get(0), DEADLINE))
                .isInstanceOf(DeviceFault.class)
                .hasMessageContaining("of the 500 that a may have");
        // Where it is it has what it has.
        device.moveTo(poor, poor.named(name).get(0), DEADLINE);
        ByteBuffer content = ByteBuffer.allocate(1);
        buffer.read(0, content);
        assertThat(content.get(0)).isEqualTo((byte) 7);
    }

    /** What was prepared for the device is given back: its memory of the share, and the backend. */
    @Test
    void aDeviceThatIsClosedWhileItMovesArrivesNowhere() throws Exception {
        Device device = open(new Share("a", 1, 1000));
        device.allocate("some", 600);
        elsewhere.beforeOpen = device::close;
        Accelerators same = accelerators.sharing(new Share("a", 1, 1000));

        assertThatThrownBy(() -> device.moveTo(same, same.named("elsewhere").get(0), DEADLINE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("was closed");
        assertThat(elsewhere.opened).hasValue(1);
        assertThat(elsewhere.closed).hasValue(1);
        elsewhere.beforeOpen = () -> {};
        Device next = same.open(same.named("elsewhere").get(0));
        opened.add(next);
        next.allocate("all", 1000);
    }

    /** A thread of the program may be captured while it opens a device, and no image may have what is joined. */
    @Test
    void theThreadOfTheDeviceJoinsThoseWhoShareItOnceItIsOpen() {
        SparseProvider opening =
                new SparseProvider("elsewhere-" + ProcessHandle.current().pid());
        Path ledger = root().resolve("ingot-shares-" + System.getProperty("user.name") + "-" + opening.name() + "_0");
        opening.beforeOpen = () -> {
            try {
                Files.write(ledger, new byte[] {-1, -1, -1, -1, -1, -1, -1, -1}, StandardOpenOption.CREATE_NEW);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        };
        Accelerators sharing = Accelerators.of(List.of(opening)).sharing(new Share("a", 1, 1000));

        assertThatThrownBy(() -> sharing.open(sharing.devices().get(0)))
                .isInstanceOf(DeviceFault.class)
                .hasMessageContaining("is of another version of this library")
                .satisfies(fault -> assertThat(fault.getStackTrace())
                        .extracting(StackTraceElement::getClassName)
                        .contains(DeviceThread.class.getName()));
        assertThat(opening.opened).hasValue(1);
        assertThat(opening.closed).hasValue(1);
    }
}
