package dev.ingot.core.heap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HandedOutNumbersTest {

    @Test
    void takesEachNumberOnce() {
        HandedOutNumbers numbers = new HandedOutNumbers();

        for (int number = 1; number < 100_000; number++) {
            assertThat(numbers.add(number)).isTrue();
        }

        assertThat(numbers.add(1)).isFalse();
        assertThat(numbers.add(99_999)).isFalse();
        assertThat(numbers.add(100_000)).isTrue();
        assertThat(numbers.add(Integer.MAX_VALUE)).isTrue();
        assertThat(numbers.add(Integer.MAX_VALUE)).isFalse();
    }

    @Test
    void declinesNumbersThatLieFarApart() {
        HandedOutNumbers numbers = new HandedOutNumbers();
        int taken = 0;

        for (int number = 1; number > 0; number += 1 << 13) {
            taken += numbers.add(number) ? 1 : 0;
        }

        assertThat(taken).isLessThan(2000);
    }
}
