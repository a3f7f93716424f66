package dev.ingot.accelerator.opencl;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.backend.AcceleratorProvider;
import dev.ingot.accelerator.backend.Backend;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.Isolation;
import java.util.List;

/** Takes every device for one that does not compute in the host's memory. */
public final class MappingProvider implements AcceleratorProvider {
    private final OpenClProvider provider = new OpenClProvider();

    /** For the device host. */
    public MappingProvider() {}

    @Override
    public String name() {
        return provider.name();
    }

    @Override
    public Isolation isolation() {
        return provider.isolation();
    }

    @Override
    public List<DeviceDescriptor> discover() {
        return provider.discover();
    }

    @Override
    public List<String> diagnostics() {
        return provider.diagnostics();
    }

    @Override
    public Backend open(String id) throws DeviceFault {
        return new ClBackend(ClDevice.all().get(Integer.parseInt(id)), false);
    }
}
