package dev.ingot.accelerator.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.backend.AcceleratorProvider;
import dev.ingot.accelerator.device.Accelerators;
import dev.ingot.accelerator.device.Device;
import dev.ingot.accelerator.device.DeviceBuffer;
import dev.ingot.accelerator.device.Kernel;
import dev.ingot.accelerator.device.Timeline;
import dev.ingot.accelerator.device.TimelinePoint;
import dev.ingot.accelerator.operation.Scalars;
import dev.ingot.accelerator.standard.StandardOperations;
import dev.ingot.accelerator.tck.ReferenceProvider;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A kernel over more than 2 GiB, and a capture of so much; by hand, because it takes minutes and 10 GB of memory. */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class LargeBufferTest {
    private static final String WANTED = "INGOT_LARGE_BUFFERS";
    private static final long BLOCKS = (1L << 27) + 5;
    private static final Duration DEADLINE = Duration.ofMinutes(5);

    static Stream<AcceleratorProvider> providers() {
        return Stream.of(new ReferenceProvider(), new OpenClProvider(), new MappingProvider());
    }

    private static Kernel random(DeviceBuffer out, long blocks, long counter) {
        return Kernel.of(
                StandardOperations.PHILOX_4X32,
                List.of(out),
                Scalars.of("blocks", blocks)
                        .and("counter", counter)
                        .and("stream", 0L)
                        .and("key", 1L));
    }

    @ParameterizedTest
    @MethodSource("providers")
    void kernelsAndCapturesReachAllOfIt(AcceleratorProvider provider) throws Exception {
        assumeThat(System.getenv(WANTED)).as("LEFT OUT: %s is not set", WANTED).isNotNull();
        Accelerators accelerators = Accelerators.of(List.of(provider));
        try (Device device = accelerators.open(accelerators.devices().get(0))) {
            DeviceBuffer large = device.allocateTransient("large", 16 * BLOCKS);
            DeviceBuffer few = device.allocate("few", 16);
            Timeline done = new Timeline("done");
            device.createQueue("random").submit(List.of(), List.of(random(large, BLOCKS, 0)), signal(done, 1));
            done.await(1);
            for (long block : new long[] {0, (1L << 26) - 1, 1L << 26, (1L << 27) - 1, 1L << 27, BLOCKS - 1}) {
                device.createQueue("block " + block)
                        .submit(List.of(), List.of(random(few, 1, block)), signal(done, 2 + block));
                done.await(2 + block);
                assertThat(part(large, 16 * block)).as("block %d", block).isEqualTo(part(few, 0));
            }
            large.free();

            DeviceBuffer kept = device.allocate("kept", 16 * BLOCKS);
            kept.write(16 * BLOCKS - 16, ByteBuffer.allocate(16).putInt(0, 7));
            assertThat(device.capture(DEADLINE).buffers())
                    .anySatisfy(buffer -> assertThat(buffer.bytes()).isEqualTo(16 * BLOCKS));
            device.moveTo(accelerators, device.descriptor(), DEADLINE);
            assertThat(part(kept, 16 * BLOCKS - 16).getInt(0)).isEqualTo(7);
        }
    }

    private static List<TimelinePoint> signal(Timeline done, long value) {
        return List.of(new TimelinePoint(done, value));
    }

    private static ByteBuffer part(DeviceBuffer buffer, long offset) throws DeviceFault, InterruptedException {
        ByteBuffer part = ByteBuffer.allocate(16);
        buffer.read(offset, part);
        return part.flip();
    }
}
