package dev.ingot.accelerator.tck;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.backend.AcceleratorProvider;
import dev.ingot.accelerator.backend.Backend;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.Isolation;
import java.util.List;

/** {@link ReferenceProvider} in a device host, for tests of hosts themselves. Not registered as a service. */
public final class HostedReferenceProvider implements AcceleratorProvider {
    private final ReferenceProvider reference = new ReferenceProvider();

    /** For {@link java.util.ServiceLoader}. */
    public HostedReferenceProvider() {}

    @Override
    public String name() {
        return "hosted";
    }

    @Override
    public Isolation isolation() {
        return Isolation.DEVICE_HOST;
    }

    @Override
    public List<DeviceDescriptor> discover() {
        return reference.discover().stream()
                .map(device -> new DeviceDescriptor(
                        name(),
                        device.id(),
                        device.kind(),
                        device.model(),
                        device.build(),
                        device.memoryBytes(),
                        device.attributes(),
                        device.operations(),
                        device.formats()))
                .toList();
    }

    @Override
    public Backend open(String id) throws DeviceFault {
        return reference.open(id);
    }
}
