package dev.ingot.scheduler.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpeedTableTest {
    @Test
    void knowsWhatItTakesHalfOfTheNodesOnceThereAreThree() {
        SpeedTable table = new SpeedTable();

        assertThat(table.told("a", 10)).isZero();
        assertThat(table.told("b", 90)).isZero();
        assertThat(table.told("b", 80)).isZero();
        assertThat(table.told("c", 30)).isEqualTo(30);
        assertThat(table.told("a", 70)).isEqualTo(70);
    }
}
