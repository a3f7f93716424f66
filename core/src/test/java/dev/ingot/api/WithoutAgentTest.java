package dev.ingot.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** This JVM has no agent: everything must be harmless. */
class WithoutAgentTest {

    @Test
    void checkpointsFailAndSayWhatToDo() {
        assertThat(Ingot.isActive()).isFalse();
        assertThatThrownBy(Ingot::checkpoint)
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("start it with -javaagent:ingot-agent.jar");
        assertThatThrownBy(Ingot::suspend).isInstanceOf(CheckpointException.class);
    }

    @Test
    void hooksListenersAndRegionsDoNothing() {
        try (Registration hook = Ingot.register(new CheckpointHook() {});
                Registration listener = Ingot.listen(event -> {});
                Region region = Ingot.uncheckpointable("test")) {
            assertThat(hook).isNotNull();
            assertThat(listener).isNotNull();
            assertThat(region).isSameAs(Region.NONE);
        }
    }
}
