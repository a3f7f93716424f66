package dev.ingot.accelerator.device;

import dev.ingot.accelerator.backend.DeviceDescriptor;
import java.util.Locale;

/** What a device goes by. */
final class Names {

    private Names() {}

    static boolean match(DeviceDescriptor device, String name) {
        return name.equals(device.name())
                || name.equals(device.provider())
                || name.equals(device.kind().name().toLowerCase(Locale.ROOT));
    }
}
