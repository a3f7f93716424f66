package dev.ingot.accelerator.rtl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.accelerator.backend.DeviceMemory;
import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Scalars;
import dev.ingot.accelerator.standard.StandardOperations;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The fused multiply-add of the systolic array against Java's, for floats of all kinds. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class SystolicFloatTest {
    private static final long SEED = 20_260_513;
    /** Chains of products of the same length; the exponents are such that sums meet in every way. */
    private static final int SIDE = 96;

    private static final int INNER = 6;

    @BeforeAll
    static void requireTools() {
        Installed.require();
    }

    @Test
    void roundsAsJavaDoes() throws Exception {
        Random random = new Random(SEED);
        try (CardBackend card = new CardBackend(
                Map.of(StandardOperations.GEMM_BF16.identity(), Function.SYSTOLIC_BF16),
                "test",
                Card.start(CardFiles.find(), 1 << 24))) {
            for (Spread spread : Spread.values()) {
                HostMemory a = factors(spread, random);
                HostMemory b = factors(spread, random);
                HostMemory c = HostMemory.allocate(4L * SIDE * SIDE);
                Scalars scalars =
                        Scalars.of("m", (long) SIDE).and("n", (long) SIDE).and("k", (long) INNER);
                List<DeviceMemory> operands = List.of(card.share(a), card.share(b), card.share(c));
                card.compute(StandardOperations.GEMM_BF16, operands, scalars, 0, SIDE);

                HostMemory expected = HostMemory.allocate(c.size());
                StandardOperations.GEMM_BF16.contract().compute(List.of(a, b, expected), scalars, 0, SIDE);
                for (long at = 0; at < c.size(); at += 4) {
                    assertThat(canonical(c.getFloat(at)))
                            .as("%s, sum %d, seed %d", spread, at / 4, SEED)
                            .isEqualTo(canonical(expected.getFloat(at)));
                }
            }
        }
    }

    /** One NaN is as good as another. */
    private static String canonical(float value) {
        return Float.isNaN(value) ? "NaN" : Integer.toHexString(Float.floatToRawIntBits(value));
    }

    private static HostMemory factors(Spread spread, Random random) {
        HostMemory memory = HostMemory.allocate(2L * SIDE * INNER);
        for (int i = 0; i < SIDE * INNER; i++) {
            short bits = spread.next(random);
            memory.putByte(2L * i, (byte) bits);
            memory.putByte(2L * i + 1, (byte) (bits >> 8));
        }
        return memory;
    }

    /** Where the exponents lie. */
    private enum Spread {
        /** Anything, with infinities and NaN. */
        ANY(0, 255),
        /** Around one, so that sums cancel. */
        NEAR(124, 8),
        /** Sums of very different size. */
        FAR(100, 60),
        /** Products about the smallest normal number, and below. */
        TINY(52, 16),
        /** Factors without a leading one. */
        DENORMAL(0, 2),
        /** Products about the largest number. */
        HUGE(180, 20);

        private final int lowest;
        private final int range;

        Spread(int lowest, int range) {
            this.lowest = lowest;
            this.range = range;
        }

        short next(Random random) {
            int exponent = lowest + random.nextInt(range + 1);
            int fraction = random.nextInt(4) == 0 ? 0 : random.nextInt(128);
            return (short) ((random.nextInt(2) << 15) | (exponent << 7) | fraction);
        }
    }
}
