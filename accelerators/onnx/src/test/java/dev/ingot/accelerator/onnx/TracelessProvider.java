package dev.ingot.accelerator.onnx;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.backend.AcceleratorProvider;
import dev.ingot.accelerator.backend.Backend;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.Isolation;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The backend in hosts whose home is a directory of the test's. */
public final class TracelessProvider implements AcceleratorProvider {
    static final Path HOME = Path.of("target", "home").toAbsolutePath();

    private final OnnxProvider provider = new OnnxProvider();

    /** For the device host. */
    public TracelessProvider() {}

    @Override
    public String name() {
        return provider.name();
    }

    @Override
    public Isolation isolation() {
        return provider.isolation();
    }

    @Override
    public Map<String, String> hostEnvironment() {
        Map<String, String> environment = new HashMap<>(provider.hostEnvironment());
        environment.put("HOME", HOME.toString());
        environment.put("XDG_CACHE_HOME", HOME.resolve("cache").toString());
        return environment;
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
        return provider.open(id);
    }
}
