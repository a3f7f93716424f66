package dev.ingot.accelerator.rtl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.asic.AsicProvider;
import dev.ingot.accelerator.device.Accelerators;
import dev.ingot.accelerator.device.CommandQueue;
import dev.ingot.accelerator.device.Device;
import dev.ingot.accelerator.device.DeviceBuffer;
import dev.ingot.accelerator.device.Kernel;
import dev.ingot.accelerator.device.Timeline;
import dev.ingot.accelerator.device.TimelinePoint;
import dev.ingot.accelerator.fpga.FpgaProvider;
import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.tck.ReferenceProvider;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An operation of a program's own, with its own circuit for the slot. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class OwnCircuitTest {
    private static final long N = 150_000;
    private static final long FACTOR = 0x123456789abcdefL;
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private final Accelerators accelerators =
            Accelerators.of(List.of(new FpgaProvider(), new AsicProvider(), new ReferenceProvider()));

    @BeforeAll
    static void requireTools() {
        Installed.require();
    }

    @Test
    void isConfiguredAndLeftInMidKernel() throws Exception {
        HostMemory numbers = HostMemory.allocate(8 * N);
        HostMemory expected = HostMemory.allocate(8 * N);
        for (long i = 0; i < N; i++) {
            numbers.putLong(8 * i, i * 0x9e3779b97f4a7c15L);
            expected.putLong(8 * i, i * 0x9e3779b97f4a7c15L * FACTOR + i);
        }
        try (Device device = accelerators.open(accelerators.named("fpga").get(0))) {
            DeviceBuffer in = device.allocate("in", 8 * N);
            DeviceBuffer out = device.allocate("out", 8 * N);
            in.write(0, numbers);
            Timeline done = new Timeline("done");
            device.createQueue("scaled").submit(kernel(in, out, Scaled.circuit()), new TimelinePoint(done, 1));
            for (String stop : List.of("reference", "fpga", "reference", "fpga")) {
                device.moveTo(accelerators, accelerators.named(stop).get(0), DEADLINE);
            }
            done.await(1);
            HostMemory found = HostMemory.allocate(8 * N);
            out.read(0, found);
            assertThat(found.segments()).isEqualTo(expected.segments());
        }
    }

    /** What is wrong with the circuit costs the queue that has it, and no other. */
    @Test
    void whatCannotBeBuiltIsNamed() throws Exception {
        try (Device device = accelerators.open(accelerators.named("fpga").get(0))) {
            DeviceBuffer in = device.allocate("in", 8 * N);
            DeviceBuffer out = device.allocate("out", 8 * N);
            Timeline wrong = new Timeline("wrong");
            device.createQueue("wrong")
                    .submit(kernel(in, out, "module operation(nonsense"), new TimelinePoint(wrong, 1));
            assertThatThrownBy(() -> wrong.await(1))
                    .isInstanceOfSatisfying(
                            DeviceFault.class, fault -> assertThat(fault.code()).isEqualTo(DeviceFault.Code.COMPILE))
                    .hasMessageContaining("the circuit of scaled@1");
            in.read(0, HostMemory.allocate(8));
        }
    }

    @Test
    void whatIsFixedTakesNoCircuit() throws Exception {
        try (Device device = accelerators.open(accelerators.named("asic").get(0))) {
            DeviceBuffer in = device.allocate("in", 8 * N);
            DeviceBuffer out = device.allocate("out", 8 * N);
            CommandQueue queue = device.createQueue("queue");
            assertThatThrownBy(() ->
                            queue.submit(kernel(in, out, Scaled.circuit()), new TimelinePoint(new Timeline("done"), 1)))
                    .isInstanceOfSatisfying(
                            DeviceFault.class,
                            fault -> assertThat(fault.code()).isEqualTo(DeviceFault.Code.UNSUPPORTED));
        }
    }

    private static Kernel kernel(DeviceBuffer in, DeviceBuffer out, String circuit) {
        return Kernel.of(Scaled.operation(circuit), List.of(in, out), Scaled.scalars(N, FACTOR));
    }
}
