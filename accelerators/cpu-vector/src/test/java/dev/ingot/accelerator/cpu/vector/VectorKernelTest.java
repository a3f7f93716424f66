package dev.ingot.accelerator.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.accelerator.cpu.GemmKernel;
import java.util.Arrays;
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

    /** Sizes around those of tiles and vectors, whatever the processor has. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 5, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65})
    void sumsAreThoseOfPlainJavaToTheBit(int n) {
        Random random = new Random(n);
        VectorKernel kernel = new VectorKernel();
        for (int rows : new int[] {1, 3, 4, 5, 9}) {
            for (int k : new int[] {1, 2, 7, 40}) {
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
