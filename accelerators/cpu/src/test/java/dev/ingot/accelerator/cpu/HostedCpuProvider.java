package dev.ingot.accelerator.cpu;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.backend.AcceleratorProvider;
import dev.ingot.accelerator.backend.Backend;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.Isolation;
import java.util.List;

/** The processor, driven from a device host. */
public final class HostedCpuProvider implements AcceleratorProvider {
    private final CpuProvider cpu = new CpuProvider();

    /** For the device host. */
    public HostedCpuProvider() {}

    @Override
    public String name() {
        return "hosted-cpu";
    }

    @Override
    public Isolation isolation() {
        return Isolation.DEVICE_HOST;
    }

    @Override
    public List<DeviceDescriptor> discover() {
        return cpu.discover().stream()
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
        return cpu.open(id);
    }
}
