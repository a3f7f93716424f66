package dev.ingot.accelerator.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ToleranceTest {
    private static final float UP = Math.nextUp(1f);

    @Test
    void countsInUnitsOfTheLastPlace() {
        Tolerance two = new Tolerance(2, 0);

        assertThat(two.accepts(1, 1)).isTrue();
        assertThat(two.accepts(Math.nextUp(UP), 1)).isTrue();
        assertThat(two.accepts(Math.nextUp(Math.nextUp(UP)), 1)).isFalse();
        assertThat(two.accepts(1000 + 2 * Math.ulp(1000f), 1000)).isTrue();
        assertThat(two.accepts(1000 - 3 * Math.ulp(1000f), 1000)).isFalse();
        assertThat(two.accepts(Float.MIN_VALUE, 0)).isTrue();
    }

    @Test
    void aDistanceIsEnoughWhereTermsCancel() {
        Tolerance near = new Tolerance(1, 1e-4f);

        assertThat(near.accepts(0.9e-4f, 0)).isTrue();
        assertThat(near.accepts(-1.1e-4f, 0)).isFalse();
        assertThat(near.accepts(1e6f + 0.0625f, 1e6f)).isTrue();
        assertThat(near.accepts(1e6f + 0.125f, 1e6f)).isFalse();
    }

    @Test
    void exactIsTheSameBits() {
        assertThat(Tolerance.EXACT.accepts(UP, UP)).isTrue();
        assertThat(Tolerance.EXACT.accepts(UP, 1)).isFalse();
    }

    @Test
    void whatIsNoNumberIsNearNothingElse() {
        Tolerance wide = new Tolerance(1000, 1e30f);

        assertThat(wide.accepts(Float.NaN, Float.NaN)).isTrue();
        assertThat(wide.accepts(Float.NaN, 1)).isFalse();
        assertThat(wide.accepts(1, Float.NaN)).isFalse();
        assertThat(wide.accepts(Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY))
                .isTrue();
        assertThat(wide.accepts(Float.POSITIVE_INFINITY, Float.MAX_VALUE)).isFalse();
        assertThat(wide.accepts(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY))
                .isFalse();
    }

    @Test
    void isNotNegative() {
        assertThatThrownBy(() -> new Tolerance(-1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Tolerance(0, Float.NaN)).isInstanceOf(IllegalArgumentException.class);
    }
}
