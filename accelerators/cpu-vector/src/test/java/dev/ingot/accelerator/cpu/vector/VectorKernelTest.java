package dev.ingot.accelerator.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.cpu.CpuProvider;
import dev.ingot.accelerator.cpu.GemmKernel;
import dev.ingot.accelerator.device.Accelerators;
import dev.ingot.accelerator.device.Command;
import dev.ingot.accelerator.device.Device;
import dev.ingot.accelerator.device.DeviceBuffer;
import dev.ingot.accelerator.device.Kernel;
import dev.ingot.accelerator.device.Timeline;
import dev.ingot.accelerator.device.TimelinePoint;
import dev.ingot.accelerator.operation.Scalars;
import dev.ingot.accelerator.standard.StandardOperations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VectorKernelTest {
    private static final float[] EDGES = {
        0f,
        -0f,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        Float.MIN_NORMAL,
        1f,
        -1f,
        0x1.fffffep127f,
        1e-38f,
        Float.POSITIVE_INFINITY
    };

    @Test
    void isFoundAndPossible() {
        assertThat(ServiceLoader.load(GemmKernel.class))
                .singleElement()
                .isInstanceOfSatisfying(
                        VectorKernel.class,
                        kernel -> assertThat(kernel.isPossible()).isTrue());
    }

    /** The device keeps a factor as the kernel wants it, but not longer than it is one: it is written, copied to, computed. */
    @Test
    void aFactorIsTakenAnewWhenItHasChanged() throws Exception {
        Accelerators accelerators = Accelerators.of(List.of(new CpuProvider()));
        try (Device device = accelerators.open(accelerators.devices().get(0))) {
            List<DeviceBuffer> buffers = new ArrayList<>();
            for (String name : List.of("a", "b", "c", "other")) {
                buffers.add(device.allocate(name, Float.BYTES));
            }
            DeviceBuffer a = buffers.get(0);
            DeviceBuffer b = buffers.get(1);
            write(a, 2);
            write(b, 3);
            assertThat(product(device, buffers)).isEqualTo(6);
            write(b, 5);
            assertThat(product(device, buffers)).isEqualTo(10);
            write(buffers.get(3), 7);
            run(device, new Command.Copy(buffers.get(3), 0, b, 0, Float.BYTES));
            assertThat(product(device, buffers)).isEqualTo(14);
            run(device, Kernel.of(StandardOperations.ADD_F32, List.of(a, buffers.get(3), b), Scalars.of("n", 1L)));
            assertThat(product(device, buffers)).isEqualTo(18);
        }
    }

    private static float product(Device device, List<DeviceBuffer> buffers) throws DeviceFault, InterruptedException {
        run(
                device,
                Kernel.of(
                        StandardOperations.GEMM_F32,
                        buffers.subList(0, 3),
                        Scalars.of("m", 1L).and("n", 1L).and("k", 1L)));
        ByteBuffer content = ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        buffers.get(2).read(0, content);
        return content.getFloat(0);
    }

    private static void write(DeviceBuffer buffer, float value) throws DeviceFault, InterruptedException {
        ByteBuffer content = ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        buffer.write(0, content.putFloat(0, value));
    }

    private static void run(Device device, Command command) throws DeviceFault, InterruptedException {
        Timeline done = new Timeline("done");
        device.createQueue("queue " + System.nanoTime()).submit(command, new TimelinePoint(done, 1));
        done.await(1);
    }

    /** Sizes around those of tiles and vectors, whatever the processor has. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 5, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65})
    void sumsAreThoseOfPlainJavaToTheBit(int n) {
        Random random = new Random(n);
        VectorKernel kernel = new VectorKernel();
        for (int rows : new int[] {1, 3, 4, 5, 9}) {
            for (int k : new int[] {1, 2, 7, 40, 256, 259}) {
                float[] a = numbers(rows * k, random);
                float[] b = numbers(k * n, random);
                float[] c = new float[rows * n];
                Arrays.fill(c, 7);
                kernel.multiply(a, panels(b, n, k, kernel.panelWidth()), c, rows, n, k);

                assertThat(bits(c)).as("%d x %d x %d", rows, n, k).isEqualTo(bits(plain(a, b, rows, n, k)));
            }
        }
    }

    private static float[] numbers(int count, Random random) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = random.nextInt(20) == 0 ? EDGES[random.nextInt(EDGES.length)] : 2 * random.nextFloat() - 1;
        }
        return numbers;
    }

    private static float[] panels(float[] b, int n, int k, int width) {
        int count = (n + width - 1) / width;
        float[] panels = new float[count * width * k];
        for (int i = 0; i < k; i++) {
            for (int column = 0; column < n; column++) {
                panels[(column / width * k + i) * width + column % width] = b[i * n + column];
            }
        }
        return panels;
    }

    private static float[] plain(float[] a, float[] b, int rows, int n, int k) {
        float[] c = new float[rows * n];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < n; column++) {
                for (int i = 0; i < k; i++) {
                    c[row * n + column] = Math.fma(a[row * k + i], b[i * n + column], c[row * n + column]);
                }
            }
        }
        return c;
    }

    /** What is not a number is one of a kind. */
    private static int[] bits(float[] numbers) {
        int[] bits = new int[numbers.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToIntBits(numbers[i]);
        }
        return bits;
    }
}
