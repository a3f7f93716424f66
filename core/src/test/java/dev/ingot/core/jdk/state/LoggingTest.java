package dev.ingot.core.jdk.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.core.jdk.access.Slot;
import java.util.Objects;
import java.util.logging.LogManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoggingTest {
    private static final Slot MANAGER = Slot.of(LogManager.class, "manager");

    private final LogManager ofJdk = LogManager.getLogManager();

    @AfterEach
    void putBack() {
        MANAGER.put(null, ofJdk);
    }

    @Test
    void aManagerOfTheProgramTakesItsPlaceAgain() {
        OwnManager own = new OwnManager();
        MANAGER.put(null, own);
        Object state = Objects.requireNonNull(new Logging().capture());
        MANAGER.put(null, ofJdk);

        new Logging().restore(state);

        assertThat(LogManager.getLogManager()).isSameAs(own);
    }

    @Test
    void thatOfTheJdkStays() {
        Object state = Objects.requireNonNull(new Logging().capture());

        new Logging().restore(state);

        assertThat(LogManager.getLogManager()).isSameAs(ofJdk);
    }

    private static final class OwnManager extends LogManager {}
}
