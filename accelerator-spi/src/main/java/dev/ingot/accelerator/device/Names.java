package dev.ingot.accelerator.device;

import dev.ingot.accelerator.backend.DeviceDescriptor;
import java.util.Locale;

/** What a device goes by. */
final class Names {

    private Names() {}

    /** Whether the device or its provider is called {@code name}. */
    static boolean isOwn(DeviceDescriptor device, String name) {
        return name.equals(device.name()) || name.equals(device.provider());
    }

    /** As {@link #isOwn}, or whether the device is of a kind of this name. */
    static boolean match(DeviceDescriptor device, String name) {
        return isOwn(device, name) || name.equals(device.kind().name().toLowerCase(Locale.ROOT));
    }
}
