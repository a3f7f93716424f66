package dev.ingot.agent.checkpoint;

import org.jspecify.annotations.Nullable;

/** How a process ends that was to go on from an image and cannot. */
public final class NotResumed {
    /** Set by who must tell this end from those of programs. */
    private static final String VARIABLE = "INGOT_EXIT_NOT_RESUMED";

    private static final int USUAL = 1;

    private NotResumed() {}

    /** Ends this JVM at once; going on would start the program anew where the one in the image was asked for. */
    public static void halt() {
        Runtime.getRuntime().halt(exitCode(System.getenv(VARIABLE)));
    }

    static int exitCode(@Nullable String chosen) {
        try {
            return chosen == null ? USUAL : Integer.parseInt(chosen);
        } catch (NumberFormatException malformed) {
            return USUAL;
        }
    }
}
