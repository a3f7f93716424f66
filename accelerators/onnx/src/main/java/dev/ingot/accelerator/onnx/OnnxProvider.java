package dev.ingot.accelerator.onnx;

import ai.onnxruntime.OrtEnvironment;
import com.sun.management.OperatingSystemMXBean;
import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.DeviceKind;
import dev.ingot.accelerator.backend.AcceleratorProvider;
import dev.ingot.accelerator.backend.Attribute;
import dev.ingot.accelerator.backend.Backend;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.Isolation;
import dev.ingot.accelerator.backend.OperationSupport;
import dev.ingot.accelerator.operation.KernelFormat;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;

/** One device, {@code onnx:0}: ONNX Runtime on the processors of this machine, with the operations that are graphs here. Thread-safe. */
public final class OnnxProvider implements AcceleratorProvider {
    private static final String ID = "0";
    /** What tells processors apart for which the engine has code of its own. */
    private static final Set<String> PROCESSOR = Set.of(
            "vendor_id", "cpu family", "model", "flags", "CPU implementer", "CPU variant", "CPU part", "Features");

    private volatile List<String> diagnostics = List.of();

    /** For {@link java.util.ServiceLoader}. */
    public OnnxProvider() {}

    @Override
    public String name() {
        return "onnx";
    }

    @Override
    public Isolation isolation() {
        return Isolation.DEVICE_HOST;
    }

    @Override
    public Map<String, String> hostEnvironment() {
        return Engine.ENVIRONMENT;
    }

    @Override
    public List<DeviceDescriptor> discover() {
        try {
            DeviceDescriptor device = descriptor(Engine.environment());
            diagnostics = List.of();
            return List.of(device);
        } catch (DeviceFault failed) {
            diagnostics = List.of("onnx: " + failed.getMessage());
        } catch (LinkageError missing) {
            diagnostics = List.of("onnx: ONNX Runtime is not on the class path or cannot be loaded; add"
                    + " com.microsoft.onnxruntime:onnxruntime: " + missing);
        }
        return List.of();
    }

    private DeviceDescriptor descriptor(OrtEnvironment engine) {
        Map<String, OperationSupport> operations = new LinkedHashMap<>();
        for (GraphFunction function : GraphFunction.values()) {
            operations.put(function.operation().identity(), function.support());
        }
        return new DeviceDescriptor(
                name(),
                ID,
                DeviceKind.GRAPH_ENGINE,
                "ONNX Runtime " + engine.getVersion(),
                engine.getVersion() + " " + System.getProperty("os.arch") + " " + processor(),
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize(),
                Map.of("compute.units", Attribute.of(Runtime.getRuntime().availableProcessors())),
                operations,
                Set.of(KernelFormat.ONNX));
    }

    /** A short name for the processor. */
    private static String processor() {
        CRC32 name = new CRC32();
        try (BufferedReader lines = Files.newBufferedReader(Path.of("/proc/cpuinfo"))) {
            for (String line = lines.readLine(); line != null && !line.isBlank(); line = lines.readLine()) {
                if (PROCESSOR.contains(
                        line.substring(0, Math.max(0, line.indexOf(':'))).strip())) {
                    name.update(line.getBytes(StandardCharsets.UTF_8));
                }
            }
        } catch (IOException unknown) {
            return "unknown";
        }
        return Long.toHexString(name.getValue());
    }

    @Override
    public List<String> diagnostics() {
        return diagnostics;
    }

    @Override
    public Backend open(String id) throws DeviceFault {
        if (!id.equals(ID)) {
            throw new DeviceFault(
                    DeviceFault.Code.INVALID_ARGUMENT,
                    DeviceFault.Scope.DEVICE,
                    "there is no device " + id + ", only 0");
        }
        return new OnnxBackend(Engine.environment());
    }
}
