package dev.ingot.scheduler.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TenantNameTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/a", "a/", "a//b", "a/../b", ".", "a/b c", "a+b", "1/2/3/4/5/6/7/8/9"})
    void refusesWhatIsNoPath(String name) {
        assertThatThrownBy(() -> TenantName.require(name)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a/b.c/d-1", "1/2/3/4/5/6/7/8"})
    void takesPaths(String name) {
        assertThat(TenantName.require(name)).isEqualTo(name);
    }
}
