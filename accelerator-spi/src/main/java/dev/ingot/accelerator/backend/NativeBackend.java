package dev.ingot.accelerator.backend;

import dev.ingot.accelerator.DeviceFault;

/**
 * A backend whose driver can take all that a process has on a device away from it and give it to another device of the same build: the
 * native level of capture while the process lives. Memory, compiled kernels and handles stay what they are, so nothing is opened, filled
 * or compiled anew. What the driver keeps meanwhile it keeps in this process, so no image has it; a device that gives its state out makes
 * a {@link NativeImage}.
 */
public interface NativeBackend extends Backend {
    /**
     * The attribute of a descriptor whose backends are of this kind. Its text names what two devices must have in common to take each
     * other's state natively.
     */
    String ATTRIBUTE = "native.checkpoint";

    /**
     * Goes over to another device of the same provider. Called between two steps.
     *
     * @param id of a device whose {@link #ATTRIBUTE} says the same as this one's
     * @throws DeviceFault if that was not possible. With scope {@code COMMAND} the backend is where it was, otherwise it is of no use any
     *     more
     */
    void moveTo(String id) throws DeviceFault;
}
