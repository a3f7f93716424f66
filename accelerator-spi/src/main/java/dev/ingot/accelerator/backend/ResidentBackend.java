package dev.ingot.accelerator.backend;

import dev.ingot.accelerator.DeviceFault;

/**
 * A backend whose device keeps operands in memory of its own between steps. What a step has written is in the host's memory as well when the
 * step is done, so the copies can be dropped at any time, and a device that is lost takes nothing with it.
 */
public interface ResidentBackend extends Backend {

    /** Whether the device may hold anything. Called by any thread at any time. */
    boolean isResident();

    /** How long the last step took to bring operands to the device and fetch what was written, in nanoseconds. */
    long transferNanos();

    /**
     * Gives all of the device's own memory back, for another process that is to have it. Called between two steps.
     *
     * @throws DeviceFault if it could not be done
     */
    void evict() throws DeviceFault;
}
