package dev.ingot.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** That the checker of histories finds what it is for. */
class ProgressHistoryTest {
    @Test
    void goingOnFromAnImageIsAsItShouldBe() {
        assertThat(violations("7 1", "7 2", "0 2", "7 3", "7 4", "9 3", "9 4", "9 5"))
                .isEmpty();
        assertThat(violations("7 1", "0 1", "9 2")).isEmpty();
        assertThat(violations("7 1", "7 2", "9 1", "9 2", "9 3")).isEmpty();
    }

    @Test
    void twoThatRunAtOnceAreFound() {
        assertThat(violations("7 1", "7 2", "9 2", "7 3", "9 3"))
                .containsExactly(
                        "process 7 does step 3 when 9 has gone on from it",
                        "process 9 does step 3 when 7 has gone on from it");
    }

    @Test
    void workThatAnImageCoveredAndIsDoneAgainIsFound() {
        assertThat(violations("7 1", "7 2", "7 3", "0 2", "9 2", "9 3"))
                .containsExactly("process 9 does step 2 again, which an image covers up to 2");
    }

    @Test
    void stepsThatAreLeftOutAreFound() {
        assertThat(violations("7 1", "7 3")).containsExactly("process 7 does step 3 after 1");
        assertThat(violations("7 1", "9 3")).containsExactly("process 9 begins with step 3, the last was 1");
    }

    @Test
    void theLastStepIsThatOfAProcess() {
        assertThat(ProgressHistory.parse(List.of("7 1", "7 2", "9 1", "0 1")).lastStep())
                .isEqualTo(1);
    }

    private static List<String> violations(String... lines) {
        return ProgressHistory.parse(List.of(lines)).violations();
    }
}
