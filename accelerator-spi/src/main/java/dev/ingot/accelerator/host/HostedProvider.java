package dev.ingot.accelerator.host;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.backend.AcceleratorProvider;
import dev.ingot.accelerator.backend.Backend;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.api.ExcludedFromImage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A provider that runs in device hosts: one that looks for devices, and one for each open device. The host that looked is kept for a
 * while, for the device that is opened next. Thread-safe.
 */
public final class HostedProvider implements AcceleratorProvider {
    private static final Duration SPARE_TIME = Duration.ofSeconds(10);

    private final String name;
    private final String providerClass;
    private final String classPath;
    private final Map<String, String> environment;

    // Guarded by this.
    private List<DeviceDescriptor> devices = List.of();
    private List<String> diagnostics = List.of();

    @ExcludedFromImage
    private @Nullable Spare spare;

    /** Has {@code provider} run in hosts. Of the object itself only the name and the environment are asked. */
    public HostedProvider(AcceleratorProvider provider) {
        this.name = provider.name();
        this.providerClass = provider.getClass().getName();
        this.classPath = HostClassPath.of(provider.getClass().getClassLoader());
        this.environment = Map.copyOf(provider.hostEnvironment());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public synchronized List<String> diagnostics() {
        return diagnostics;
    }

    /** What a host found. */
    private record Found(List<DeviceDescriptor> devices, List<String> diagnostics) {}

    @Override
    public List<DeviceDescriptor> discover() {
        Found found;
        try {
            found = Errand.run(this::ask);
        } catch (DeviceFault | RuntimeException failed) {
            found = new Found(List.of(), List.of(name + ": " + failed.getMessage()));
        }
        synchronized (this) {
            devices = found.devices();
            diagnostics = found.diagnostics();
        }
        return found.devices();
    }

    private Found ask() throws DeviceFault {
        SharedDirectory directory = null;
        HostProcess host = null;
        boolean complete = false;
        try {
            directory = SharedDirectory.create();
            host = startHost(directory);
            Found found = host.ask(
                    Request.DISCOVER,
                    out -> {},
                    in -> new Found(Wire.readAll(in, Wire::readDescriptor), Wire.readAll(in, Wire::readText)));
            host.endAfter(SPARE_TIME);
            keep(new Spare(host, directory));
            complete = true;
            return found;
        } catch (IOException failed) {
            throw new DeviceFault(
                    DeviceFault.Code.LOST,
                    DeviceFault.Scope.PROVIDER,
                    true,
                    "cannot look for devices: " + failed.getMessage() + (host == null ? "" : host.lastWords()),
                    Map.of(),
                    failed);
        } finally {
            if (!complete && host != null) {
                host.kill();
            }
            if (!complete && directory != null) {
                directory.close();
            }
        }
    }

    private synchronized void keep(Spare next) {
        Spare last = spare;
        spare = next;
        if (last != null) {
            last.end();
        }
    }

    HostProcess startHost(SharedDirectory directory) throws IOException {
        return HostProcess.start(providerClass, classPath, environment, directory);
    }

    @Override
    public Backend open(String id) throws DeviceFault {
        long limit = memoryOf(id);
        return Errand.run(() -> HostedBackend.open(this, id, limit, takeSpare()));
    }

    synchronized long memoryOf(String id) throws DeviceFault {
        for (DeviceDescriptor device : devices) {
            if (device.id().equals(id)) {
                return device.memoryBytes();
            }
        }
        throw new DeviceFault(
                DeviceFault.Code.INVALID_ARGUMENT,
                DeviceFault.Scope.DEVICE,
                "there is no device " + id + " among " + devices);
    }

    private synchronized @Nullable Spare takeSpare() {
        Spare taken = spare;
        spare = null;
        return taken;
    }
}
