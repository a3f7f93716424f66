package dev.ingot.accelerator.cpu;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.DeviceKind;
import dev.ingot.accelerator.backend.AcceleratorProvider;
import dev.ingot.accelerator.backend.Attribute;
import dev.ingot.accelerator.backend.Backend;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.operation.KernelFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One device, {@code cpu:0}: all processors of this JVM. It takes every operation, by its reference if it knows no better. */
public final class CpuProvider implements AcceleratorProvider {
    private static final String ID = "0";

    /** For {@link java.util.ServiceLoader}. */
    public CpuProvider() {}

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public List<DeviceDescriptor> discover() {
        Runtime runtime = Runtime.getRuntime();
        return List.of(new DeviceDescriptor(
                name(),
                ID,
                DeviceKind.CPU,
                System.getProperty("os.arch", "unknown"),
                System.getProperty("java.vm.version", "unknown"),
                runtime.maxMemory(),
                Map.of("compute.units", Attribute.of(runtime.availableProcessors())),
                Map.of(),
                Set.of(KernelFormat.JAVA)));
    }

    @Override
    public Backend open(String id) throws DeviceFault {
        if (!id.equals(ID)) {
            throw new DeviceFault(
                    DeviceFault.Code.INVALID_ARGUMENT,
                    DeviceFault.Scope.DEVICE,
                    "there is no device " + id + ", only 0");
        }
        return new CpuBackend();
    }
}
