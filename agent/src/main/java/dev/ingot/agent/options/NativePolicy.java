package dev.ingot.agent.options;

/** Whether a program that loaded native libraries may be checkpointed. */
public enum NativePolicy {
    /** Refuses the checkpoint and names the libraries. */
    REFUSE,
    /** Loads the libraries again at resume; whatever they keep in native memory is lost. */
    ALLOW
}
