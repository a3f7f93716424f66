package dev.ingot.accelerator.backend;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.memory.HostMemory;

/** A backend that can compute on memory it is given. What is driven from a device host must be able to. */
public interface SharingBackend extends Backend {

    /**
     * Makes memory of the host usable as an operand. Between two calls of this backend the content may be read and changed through
     * {@code memory}, and what the device has written must be there. A device that keeps copies from call to call returns {@link
     * ResidentMemory}, which is told what was changed.
     *
     * @param memory valid until the result is closed
     * @throws DeviceFault if it could not be done
     */
    DeviceMemory share(HostMemory memory) throws DeviceFault;
}
