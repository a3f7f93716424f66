package dev.ingot.samples.devices;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.device.Accelerators;
import dev.ingot.accelerator.device.Device;
import java.util.ArrayList;
import java.util.List;

/** The devices that a sample is told to use. */
final class ChosenDevices {
    private static final int USAGE = 2;

    private ChosenDevices() {}

    /** Opens devices by their names, as in {@code cpu,gpu}, in the roles worker-0, worker-1 and so on; ends the JVM if one is not there. */
    static List<Device> open(String names) throws DeviceFault {
        Accelerators accelerators = Accelerators.find();
        List<Device> devices = new ArrayList<>();
        for (String name : names.split(",", -1)) {
            List<DeviceDescriptor> found = accelerators.named(name);
            if (found.isEmpty()) {
                System.err.println("there is no device " + name + " among " + accelerators.devices() + "; "
                        + accelerators.diagnostics());
                System.exit(USAGE);
            }
            devices.add(accelerators.open(found.get(0), "worker-" + devices.size()));
        }
        return devices;
    }
}
