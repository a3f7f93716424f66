package dev.ingot.accelerator.backend;

import dev.ingot.accelerator.DeviceFault;
import java.util.List;

/**
 * A family of devices behind one driver. Found by {@link java.util.ServiceLoader}, so an implementation has a public constructor
 * without arguments, which must not touch a driver. Thread-safe.
 */
public interface AcceleratorProvider {
    /** The version of this interface. A provider of another major version is not used; minor versions add default methods. */
    int MAJOR_VERSION = 1;

    /** Short and unique, in small letters, such as {@code cpu}. */
    String name();

    /** The major version that the provider was written for. */
    default int majorVersion() {
        return MAJOR_VERSION;
    }

    /** Where the devices must be driven from. */
    default Isolation isolation() {
        return Isolation.IN_PROCESS;
    }

    /** The devices that are there now; none where the driver is missing. Never throws. */
    List<DeviceDescriptor> discover();

    /** Why there are fewer devices than one might expect, for people; empty if all is well. */
    default List<String> diagnostics() {
        return List.of();
    }

    /**
     * Opens a device. Many may be open at once, the same one too.
     *
     * @param id as in its descriptor
     * @throws DeviceFault if it cannot be opened
     */
    Backend open(String id) throws DeviceFault;
}
