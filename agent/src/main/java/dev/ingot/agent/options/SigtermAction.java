package dev.ingot.agent.options;

/** What the agent does when the process receives SIGTERM. */
public enum SigtermAction {
    /** Nothing: the program ends as it does without the agent. */
    NONE,
    /** Writes an image, then lets the program end as it does without the agent. */
    CHECKPOINT,
    /** Writes an image and exits without running the program's shutdown hooks; they run at the real end. */
    SUSPEND
}
