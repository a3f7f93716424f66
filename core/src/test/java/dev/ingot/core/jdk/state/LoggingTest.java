package dev.ingot.core.jdk.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.jdk.access.Slot;
import java.util.logging.LogManager;
import org.junit.jupiter.api.Test;

class LoggingTest {
    private static final Slot MANAGER = Slot.of(LogManager.class, "manager");

    @Test
    void aManagerOfTheProgramIsRefusedByName() throws Exception {
        LogManager manager = LogManager.getLogManager();
        assertThat(new Logging().capture()).isNotNull();
        MANAGER.put(null, new OwnManager());
        try {
            assertThatThrownBy(() -> new Logging().capture())
                    .isInstanceOf(NotCapturableException.class)
                    .hasMessageContaining(OwnManager.class.getName())
                    .hasMessageContaining("java.util.logging.manager");
        } finally {
            MANAGER.put(null, manager);
        }
    }

    private static final class OwnManager extends LogManager {}
}
