package dev.ingot.scheduler.pool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TenantPathTest {
    @ParameterizedTest
    @CsvSource({
        "a,       b,       a",
        "a,       ab,      a",
        "ab,      a,       ab",
        "a/x,     b,       a",
        "a/x,     b/x,     a",
        "a/x,     a/y,     a/x",
        "a/x,     a/xy,    a/x",
        "a/x/p,   a/y,     a/x",
        "a/x/p,   a/x/q/r, a/x/p",
        "a,       a/x,     a/",
        "a/x,     a,       a/x",
        "a/x,     a/x/p,   a/x/",
        "a/x/p,   a,       a/x"
    })
    void tenantsShareAsThatWhichIsBelowWhatTheyHaveInCommon(String path, String other, String expected) {
        assertThat(TenantPath.rival(path, other)).isEqualTo(expected);
    }

    @Test
    void partsAreWithinTheirWhole() {
        assertThat(TenantPath.isWithin("a/b", "a")).isTrue();
        assertThat(TenantPath.isWithin("a", "a")).isTrue();
        assertThat(TenantPath.isWithin("ab", "a")).isFalse();
        assertThat(TenantPath.isWithin("a", "a/b")).isFalse();
    }
}
