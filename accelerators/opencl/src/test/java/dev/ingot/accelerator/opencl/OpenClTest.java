package dev.ingot.accelerator.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.device.Accelerators;
import dev.ingot.accelerator.device.Device;
import dev.ingot.accelerator.device.DeviceBuffer;
import dev.ingot.accelerator.device.Kernel;
import dev.ingot.accelerator.device.Timeline;
import dev.ingot.accelerator.device.TimelinePoint;
import dev.ingot.accelerator.operation.Access;
import dev.ingot.accelerator.operation.Determinism;
import dev.ingot.accelerator.operation.ElementType;
import dev.ingot.accelerator.operation.KernelFormat;
import dev.ingot.accelerator.operation.Operand;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalar;
import dev.ingot.accelerator.operation.Scalars;
import dev.ingot.accelerator.standard.StandardOperations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Kernels in OpenCL C of a program's own, good and bad ones. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class OpenClTest {
    private static final String HEAD = "__kernel void operation(__global int *out, const long n, const long first) {";

    private final Accelerators accelerators = Accelerators.of(List.of(new OpenClProvider()));
    private final Device device = accelerators.open(accelerators.named("opencl").get(0));
    private final DeviceBuffer out = allocate();

    OpenClTest() throws DeviceFault, InterruptedException {}

    private DeviceBuffer allocate() throws DeviceFault, InterruptedException {
        return device.allocate("out", 4 * 1000);
    }

    @BeforeAll
    static void requirePlatform() {
        Installed.require(new OpenClProvider());
    }

    @AfterEach
    void close() {
        device.close();
    }

    @Test
    void runsKernelsOfThePrograms() throws Exception {
        run("good", HEAD + " const long i = first + get_global_id(0); out[i] = 3 * (int) i; }");

        assertThat(item(0)).isZero();
        assertThat(item(999)).isEqualTo(2997);
    }

    @Test
    void saysWhatIsWrongWithASource() throws Exception {
        assertFails("wrong", HEAD + " out[0] = nonsense; }", DeviceFault.Code.COMPILE, "nonsense");
        assertFails(
                "unnamed",
                "__kernel void other(__global int *out, const long n, const long first) {}",
                DeviceFault.Code.COMPILE,
                "clCreateKernel 'operation'");
    }

    @Test
    void kernelThatCrashesCostsItsQueueAlone() throws Exception {
        assertFails(
                "crash",
                HEAD + " __global int *bad = (__global int *) (first + 8); *bad = (int) get_global_id(0); }",
                DeviceFault.Code.LOST,
                "ended 2 times");
        assertThat(Path.of("").toAbsolutePath()).isDirectoryNotContaining("glob:**hs_err*");

        run("good", HEAD + " out[first + get_global_id(0)] = 5; }");
        assertThat(item(500)).isEqualTo(5);
    }

    @Test
    void endlessKernelCostsItsQueueAlone() throws Exception {
        run("warm", HEAD + " out[first + get_global_id(0)] = 4; }");
        device.setWatchdog(Duration.ofSeconds(2));
        assertFails(
                "endless",
                HEAD + " __global volatile int *v = out; while (n > 0) { v[0] = v[0] + 1; } }",
                DeviceFault.Code.HANG,
                "had to be ended");
        device.setWatchdog(Duration.ofSeconds(60));

        run("good", HEAD + " out[first + get_global_id(0)] = 5; }");
        assertThat(item(500)).isEqualTo(5);
    }

    private void assertFails(String name, String source, DeviceFault.Code code, String message) {
        assertThatThrownBy(() -> run(name, source))
                .isInstanceOfSatisfying(
                        DeviceFault.class, fault -> assertThat(fault.code()).isEqualTo(code))
                .hasMessageContaining(message);
    }

    private void run(String name, String source) throws DeviceFault, InterruptedException {
        Operation operation = new Operation(
                name,
                1,
                List.of(new Operand("out", ElementType.I32, Access.WRITE)),
                List.of(new Scalar("n", ElementType.I64)),
                Determinism.BITWISE_ANY_KIND,
                true,
                StandardOperations.MERGE_PASS_I32.contract(),
                Map.of(KernelFormat.OPENCL_C, source));
        Timeline done = new Timeline("done");
        device.createQueue(name)
                .submit(Kernel.of(operation, List.of(out), Scalars.of("n", 1000L)), new TimelinePoint(done, 1));
        done.await(1);
    }

    private int item(int index) throws DeviceFault, InterruptedException {
        ByteBuffer value = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
        out.read(4L * index, value);
        return value.getInt(0);
    }
}
