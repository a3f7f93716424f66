package dev.ingot.scheduler.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpeedTableTest {
    @Test
    void knowsWhatItTakesHalfOfTheNodesOnceThereAreThree() {
        SpeedTable table = new SpeedTable();

        table.told("a", 10);
        table.told("b", 90);
        table.told("b", 80);
        assertThat(table.typical()).isZero();
        table.told("c", 30);
        assertThat(table.typical()).isEqualTo(30);
        table.told("a", 70);
        assertThat(table.typical()).isEqualTo(70);
    }

    @Test
    void thoseThatAreNotHeardAnyMoreDoNotCount() {
        SpeedTable table = new SpeedTable();
        table.told("a", 10);
        table.told("b", 20);
        table.told("c", 30);
        table.told("d", 40);
        assertThat(table.typical()).isEqualTo(30);

        table.forget("d");
        assertThat(table.typical()).isEqualTo(20);
        table.forget("c");
        assertThat(table.typical()).isZero();
    }
}
