package dev.ingot.agent.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamePatternsTest {

    @ParameterizedTest
    @CsvSource({
        "com.acme.Main, com.acme.Main, true",
        "com.acme.Main, com/acme/Main, true",
        "com.acme.Main, com.acme.Main2, false",
        "com.acme.Main, com.acme.Mai, false",
        "com.acme.*, com.acme.deep.Main, true",
        "com.acme.*, com.acmex.Main, false",
        "*Test, com.acme.MainTest, true",
        "*Test, com.acme.MainTests, false",
        "*.gen.*Stub, a.gen.b.gen.CStub, true",
        "*.gen.*Stub, a.gen.b.gen.CStubs, false",
        "*, anything, true",
        "a**b, ab, true",
    })
    void starStandsForAnyCharacters(String pattern, String name, boolean matches) {
        assertThat(new NamePatterns(List.of(pattern)).matches(name)).isEqualTo(matches);
    }

    @Test
    void noPatternMatchesNothing() {
        assertThat(new NamePatterns(List.of()).matches("a.B")).isFalse();
    }
}
