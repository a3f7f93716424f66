package dev.ingot.accelerator.cuda;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.DeviceKind;
import dev.ingot.accelerator.backend.AcceleratorProvider;
import dev.ingot.accelerator.backend.Attribute;
import dev.ingot.accelerator.backend.Backend;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.Isolation;
import dev.ingot.accelerator.backend.NativeBackend;
import dev.ingot.accelerator.backend.OperationSupport;
import dev.ingot.accelerator.operation.Determinism;
import dev.ingot.accelerator.operation.KernelFormat;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.standard.StandardOperations;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** NVIDIA's GPUs, {@code cuda:0} and on. Thread-safe. */
public final class CudaProvider implements AcceleratorProvider {
    private final CudaLibraries libraries;
    private volatile List<String> diagnostics = List.of();

    /** For {@link java.util.ServiceLoader}. */
    public CudaProvider() {
        this(CudaLibraries.INSTALLED);
    }

    CudaProvider(CudaLibraries libraries) {
        this.libraries = libraries;
    }

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public Isolation isolation() {
        return Isolation.DEVICE_HOST;
    }

    @Override
    public List<DeviceDescriptor> discover() {
        if (!ForeignLibrary.isPossible()) {
            diagnostics = List.of("cuda: needs a JDK " + ForeignLibrary.JDK + " or later, this is "
                    + Runtime.version().feature());
            return List.of();
        }
        List<DeviceDescriptor> devices = new ArrayList<>();
        try {
            CudaDriver driver = new CudaDriver(ForeignLibrary.load(libraries.driver()));
            libraries.compiler();
            for (int i = 0; i < driver.devices(); i++) {
                devices.add(descriptor(driver, i));
            }
            diagnostics = devices.isEmpty() ? List.of("cuda: the driver has no device") : List.of();
        } catch (DeviceFault failed) {
            diagnostics = List.of("cuda: " + failed.getMessage());
        } catch (LinkageError missing) {
            diagnostics = List.of("cuda: a library of CUDA is missing: " + missing.getMessage());
        }
        return List.copyOf(devices);
    }

    private DeviceDescriptor descriptor(CudaDriver driver, int ordinal) throws DeviceFault {
        int device = driver.device(ordinal);
        Map<String, OperationSupport> operations = new LinkedHashMap<>();
        for (Operation operation : StandardOperations.ALL) {
            operations.put(
                    operation.identity(), new OperationSupport(operation.identity(), Determinism.BITWISE_ANY_KIND, 1));
        }
        String build = "driver " + driver.version() + ", compute " + driver.architecture(device);
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        attributes.put("compute.capability", Attribute.of(driver.architecture(device)));
        if (driver.checkpoint().isPossible()) {
            // GPUs that differ in anything do not take each other's state.
            attributes.put(
                    NativeBackend.ATTRIBUTE,
                    Attribute.of(driver.name(device) + ", " + driver.memoryBytes(device) + " bytes, " + build));
        }
        return new DeviceDescriptor(
                name(),
                Integer.toString(ordinal),
                DeviceKind.GPU,
                driver.name(device),
                build,
                driver.memoryBytes(device),
                attributes,
                operations,
                Set.of(KernelFormat.PTX, KernelFormat.OPENCL_C));
    }

    @Override
    public List<String> diagnostics() {
        return diagnostics;
    }

    @Override
    public Backend open(String id) throws DeviceFault {
        CudaDriver driver = new CudaDriver(ForeignLibrary.load(libraries.driver()));
        return new CudaBackend(driver, new CudaCompiler(libraries.compiler()), ordinal(id, driver.devices()));
    }

    /** The number of a device of this name among so many. */
    static int ordinal(String id, int count) throws DeviceFault {
        for (int i = 0; i < count; i++) {
            if (id.equals(Integer.toString(i))) {
                return i;
            }
        }
        throw new DeviceFault(
                DeviceFault.Code.INVALID_ARGUMENT,
                DeviceFault.Scope.DEVICE,
                "there is no device " + id + " among " + count);
    }
}
