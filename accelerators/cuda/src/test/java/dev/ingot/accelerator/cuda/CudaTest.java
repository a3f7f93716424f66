package dev.ingot.accelerator.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.device.Accelerators;
import dev.ingot.accelerator.device.Device;
import dev.ingot.accelerator.device.DeviceBuffer;
import dev.ingot.accelerator.device.Kernel;
import dev.ingot.accelerator.device.Timeline;
import dev.ingot.accelerator.device.TimelinePoint;
import dev.ingot.accelerator.operation.KernelFormat;
import dev.ingot.accelerator.operation.Scalars;
import dev.ingot.accelerator.standard.StandardOperations;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is said where CUDA, or a kernel, is not as it should be. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class CudaTest {

    @Test
    void saysWhyThereIsNoDevice() {
        CudaProvider provider = new CudaProvider(new CudaLibraries("libno-such-driver.so", List.of()));

        assertThat(provider.discover()).isEmpty();
        assertThat(provider.diagnostics())
                .singleElement()
                .asString()
                .contains(ForeignLibrary.isPossible() ? "libno-such-driver.so" : "needs a JDK 22");
    }

    @Test
    void saysWhatIsWrongWithASource() throws Exception {
        StandInProvider.require();
        Accelerators accelerators = Accelerators.of(List.of(new StandInProvider()));
        try (Device device = accelerators.open(accelerators.named("cuda").get(0))) {
            DeviceBuffer out = device.allocate("out", 16);
            Timeline done = new Timeline("done");
            device.createQueue("wrong")
                    .submit(
                            Kernel.of(
                                    StandardOperations.PHILOX_4X32.with(
                                            KernelFormat.OPENCL_C, "__kernel void operation(nonsense) {}"),
                                    List.of(out),
                                    Scalars.of("blocks", 1L)
                                            .and("counter", 0L)
                                            .and("stream", 0L)
                                            .and("key", 0L)),
                            new TimelinePoint(done, 1));

            assertThatThrownBy(() -> done.await(1))
                    .isInstanceOfSatisfying(
                            DeviceFault.class, fault -> assertThat(fault.code()).isEqualTo(DeviceFault.Code.COMPILE))
                    .hasMessageContaining("nonsense");
        }
    }
}
