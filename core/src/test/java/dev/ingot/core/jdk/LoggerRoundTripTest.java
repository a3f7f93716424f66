package dev.ingot.core.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ListResourceBundle;
import java.util.ResourceBundle;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

final class LoggerRoundTripTest {
    private static final int BUNDLE = 3;

    @Test
    void keepsTheBundleThatItWasGiven() throws Exception {
        Logger logger = Logger.getAnonymousLogger();
        ResourceBundle words = new Words();
        logger.setResourceBundle(words);

        Logger restored = RoundTrip.restored(logger);

        assertThat(restored.getResourceBundle()).isSameAs(words);
        assertThat(restored.getResourceBundleName()).isEqualTo(words.getBaseBundleName());
    }

    /** Modules find bundles of theirs that nobody else does, and programs go on without some. */
    @Test
    void isRestoredWhereNobodyFindsItsBundle() throws Exception {
        Logger logger = Logger.getAnonymousLogger();
        Object[] state = RoundTrip.captured(logger);
        state[BUNDLE] = "no.such.Bundle";

        Logger restored = RoundTrip.restored(logger, state);

        assertThat(restored.getResourceBundleName()).isEqualTo("no.such.Bundle");
        assertThat(restored.getResourceBundle()).isNull();
    }

    /** Has the name of a bundle. */
    private static final class Words extends ListResourceBundle {
        @Override
        public String getBaseBundleName() {
            return "words";
        }

        @Override
        protected Object[][] getContents() {
            return new Object[][] {{"yes", "ja"}};
        }
    }
}
