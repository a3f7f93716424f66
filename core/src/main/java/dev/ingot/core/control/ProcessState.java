package dev.ingot.core.control;

import java.util.Locale;

/** What a process under Ingot is doing. */
public enum ProcessState {
    RUNNING,
    /** Its threads are stopped or stopping for an image. */
    CHECKPOINTING,
    /** It is being rebuilt from an image. */
    RESUMING;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The state of this text; {@link #RUNNING} for one that a newer process may have. */
    static ProcessState parse(String text) {
        for (ProcessState state : values()) {
            if (state.text().equals(text)) {
                return state;
            }
        }
        return RUNNING;
    }
}
