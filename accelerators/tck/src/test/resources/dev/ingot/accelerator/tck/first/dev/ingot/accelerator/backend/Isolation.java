package dev.ingot.accelerator.backend;

/** Where a provider's code may run. */
public enum Isolation {
    /** In the program's own JVM. For providers without native code. */
    IN_PROCESS,
    /** In a process of its own, because native code can break or kill the JVM it is in. */
    DEVICE_HOST
}
