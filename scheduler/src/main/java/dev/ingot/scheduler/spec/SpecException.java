package dev.ingot.scheduler.spec;

import java.util.List;

/** A workload document that cannot be used. The message holds all that is wrong with it, a line each. */
public final class SpecException extends Exception {
    private static final long serialVersionUID = 1L;

    SpecException(List<String> problems) {
        super(String.join("\n", problems));
    }
}
