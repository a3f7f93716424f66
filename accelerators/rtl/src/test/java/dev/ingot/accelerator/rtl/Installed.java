package dev.ingot.accelerator.rtl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.List;

/** What the cards are built with. */
public final class Installed {
    /** Set where it is installed, so that tests cannot be left out there. */
    private static final String REQUIRED = "INGOT_RTL_REQUIRED";

    private Installed() {}

    /** Returns if cards can be built; leaves the test out by name if not, unless it must not be. */
    public static void require() {
        List<String> missing = CardFiles.find().missing(List.of(Core.MATRIX, Core.HASH, Core.SYSTOLIC));
        if (System.getenv(REQUIRED) != null) {
            assertThat(missing).as("%s is set", REQUIRED).isEmpty();
        }
        assumeThat(missing)
                .as("LEFT OUT: the cards cannot be built; install verilator and g++")
                .isEmpty();
    }
}
