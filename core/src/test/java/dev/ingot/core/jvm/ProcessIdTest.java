package dev.ingot.core.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessIdTest {
    @Test
    void isWhatTheJdkSays() {
        assertThat(ProcessId.own()).isEqualTo(ProcessHandle.current().pid());
    }
}
