package dev.ingot.api;

/** In which JVM the program runs on after a checkpoint. */
public enum Outcome {
    /** In the JVM that took the image. */
    CHECKPOINTED,
    /** In a JVM that resumed the image. */
    RESTORED
}
