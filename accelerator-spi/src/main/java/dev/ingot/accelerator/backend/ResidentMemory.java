package dev.ingot.accelerator.backend;

/**
 * Shared memory of which a device may keep a copy in memory of its own from step to step. Because the program changes what is shared without
 * asking the device, it is told.
 */
public interface ResidentMemory extends DeviceMemory {

    /** Says that {@code count} bytes from {@code offset} on were changed by somebody else; the next step reads what is there then. */
    void changed(long offset, long count);
}
