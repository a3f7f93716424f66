package dev.ingot.accelerator.standard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** The functions are close to what they are named for. */
class ExactTest {
    private static final long SEED = 20_260_514;
    private static final int TRIALS = 200_000;

    @Test
    void exponentialIsWithinThreeUlp() {
        Random random = new Random(SEED);
        for (int i = 0; i < TRIALS; i++) {
            float x = -87 * random.nextFloat();
            assertClose(x, Exact.exp(x), Math::exp, 3);
        }
        assertThat(Exact.exp(0)).isEqualTo(1);
        assertThat(Exact.exp(-88)).isZero();
        assertThat(Exact.exp(Float.NEGATIVE_INFINITY)).isZero();
    }

    @Test
    void reciprocalIsWithinOneUlp() {
        Random random = new Random(SEED);
        for (int i = 0; i < TRIALS; i++) {
            float x = normal(random);
            assertClose(x, Exact.reciprocal(x), value -> 1 / value, 1);
        }
    }

    @Test
    void inverseRootIsWithinTwoUlp() {
        Random random = new Random(SEED);
        for (int i = 0; i < TRIALS; i++) {
            float x = normal(random);
            assertClose(x, Exact.inverseRoot(x), value -> 1 / Math.sqrt(value), 2);
        }
    }

    private static float normal(Random random) {
        return (1 + random.nextFloat()) * (float) Math.scalb(1.0, random.nextInt(200) - 100);
    }

    private static void assertClose(float x, float found, DoubleUnaryOperator exact, int ulps) {
        double expected = exact.applyAsDouble(x);
        assertThat(Math.abs(found - expected))
                .as("%s gives %s, not %s", x, found, expected)
                .isLessThanOrEqualTo(ulps * Math.ulp((float) expected));
    }
}
