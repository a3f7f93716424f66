package dev.ingot.agent.options;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionTest {

    @ParameterizedTest
    @CsvSource({"kitten,sitting,3", "ab,ba,1", "'',abc,3", "same,same,0", "image,images,1"})
    void countsEdits(String from, String to, int edits) {
        assertThat(Suggestion.distance(from, to)).isEqualTo(edits);
    }
}
