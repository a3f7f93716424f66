package dev.ingot.accelerator.opencl;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.backend.AcceleratorProvider;
import dev.ingot.accelerator.backend.Backend;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.Isolation;
import java.util.ArrayList;
import java.util.List;

/**
 * All devices of all OpenCL platforms, {@code opencl:0} and on. A device's kind is what the driver says it is, so PoCL's is a
 * {@code CPU}. Thread-safe.
 */
public final class OpenClProvider implements AcceleratorProvider {
    private volatile List<String> diagnostics = List.of();

    /** For {@link java.util.ServiceLoader}. */
    public OpenClProvider() {}

    @Override
    public String name() {
        return "opencl";
    }

    @Override
    public Isolation isolation() {
        return Isolation.DEVICE_HOST;
    }

    @Override
    public List<DeviceDescriptor> discover() {
        List<DeviceDescriptor> devices = new ArrayList<>();
        try {
            for (ClDevice device : ClDevice.all()) {
                devices.add(device.descriptor(name(), Integer.toString(devices.size())));
            }
            diagnostics = devices.isEmpty() ? List.of("opencl: no platform has a device") : List.of();
        } catch (DeviceFault failed) {
            diagnostics = List.of("opencl: " + failed.getMessage());
        } catch (LinkageError missing) {
            diagnostics = List.of("opencl: there is no OpenCL loader (libOpenCL.so.1): " + missing.getMessage());
        }
        return List.copyOf(devices);
    }

    @Override
    public List<String> diagnostics() {
        return diagnostics;
    }

    @Override
    public Backend open(String id) throws DeviceFault {
        List<ClDevice> devices = ClDevice.all();
        for (int i = 0; i < devices.size(); i++) {
            if (id.equals(Integer.toString(i))) {
                return new ClBackend(devices.get(i));
            }
        }
        throw new DeviceFault(
                DeviceFault.Code.INVALID_ARGUMENT,
                DeviceFault.Scope.DEVICE,
                "there is no device " + id + " among " + devices.size());
    }
}
