package dev.ingot.agent.options;

/** What a resume does about an open file that is not as the image left it. */
public enum FilePolicy {
    /** Refuses to resume and names the file. */
    STRICT,
    /** Goes on with the file as it is. */
    ACCEPT
}
