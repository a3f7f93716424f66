package dev.ingot.agent.observe;

import java.util.Locale;

/** A part of a resume. */
public enum ResumePhase {
    /** The image is opened and verified. */
    VERIFY,
    /** Classes are found or defined, objects allocated and filled, statics set. */
    HEAP,
    /** Files, threads' links and other state of the JVM are brought back. */
    STATE,
    /** Threads build their stacks. */
    THREADS,
    /** Hooks of the program recover; the program runs. */
    HOOKS_AFTER;

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
