package dev.ingot.accelerator.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.cpu.CpuProvider;
import dev.ingot.accelerator.device.Accelerators;
import dev.ingot.accelerator.device.Device;
import dev.ingot.accelerator.device.DeviceBuffer;
import dev.ingot.accelerator.device.Kernel;
import dev.ingot.accelerator.device.Timeline;
import dev.ingot.accelerator.device.TimelinePoint;
import dev.ingot.accelerator.operation.Scalars;
import dev.ingot.accelerator.standard.StandardOperations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 5, unit = TimeUnit.MINUTES)
class WithoutVectorsTest {

    @Test
    void aJvmThatWasStartedWithoutTheModuleComputesInPlainJava() throws Exception {
        Process jvm = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(jvm.waitFor()).as(output).isZero();
        assertThat(output.strip()).isEqualTo("false 6.0");
    }

    /** Says whether there are vectors, and an element of a product of twos and threes. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) throws DeviceFault, InterruptedException {
            Accelerators accelerators = Accelerators.of(List.of(new CpuProvider()));
            try (Device device = accelerators.open(accelerators.devices().get(0))) {
                DeviceBuffer a = device.allocate("a", Float.BYTES);
                DeviceBuffer b = device.allocate("b", Float.BYTES);
                DeviceBuffer c = device.allocate("c", Float.BYTES);
                a.write(0, number(2));
                b.write(0, number(3));
                Timeline done = new Timeline("done");
                Scalars sizes = Scalars.of("m", 1L).and("n", 1L).and("k", 1L);
                device.createQueue("queue")
                        .submit(
                                Kernel.of(StandardOperations.GEMM_F32, List.of(a, b, c), sizes),
                                new TimelinePoint(done, 1));
                done.await(1);
                ByteBuffer result = number(0);
                c.read(0, result);
                System.out.println(new VectorKernel().isPossible() + " " + result.getFloat(0));
            }
        }

        private static ByteBuffer number(float value) {
            return ByteBuffer.allocate(Float.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putFloat(0, value);
        }
    }
}
