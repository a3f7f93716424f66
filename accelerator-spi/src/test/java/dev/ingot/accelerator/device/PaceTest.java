package dev.ingot.accelerator.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long ALL = 1L << 30;
    private static final long MILLISECOND = 1_000_000;

    /** How many items a step has in the end, each of which takes {@code item}. */
    private static long items(long item, long transfer) {
        Pace pace = new Pace();
        for (int i = 0; i < 100; i++) {
            long items = pace.end(0, 1, ALL);
            pace.took(items * item + transfer, transfer, items);
        }
        return pace.end(0, 1, ALL);
    }

    @Test
    void stepsLastSomeMilliseconds() {
        assertThat(items(10_000, 0)).isBetween(500L, 2_000L);
        assertThat(items(100 * MILLISECOND, 0)).isEqualTo(1);
    }

    /** A shorter step would not bring its operands sooner. */
    @Test
    void stepsLastLongBesideWhatTheirOperandsTakeOnTheirWay() {
        long transfer = 200 * MILLISECOND;

        assertThat(items(10_000, transfer) * 10_000).isBetween(4 * transfer, 16 * transfer);
        assertThat(items(10_000, MILLISECOND / 10)).isBetween(500L, 2_000L);
    }
}
