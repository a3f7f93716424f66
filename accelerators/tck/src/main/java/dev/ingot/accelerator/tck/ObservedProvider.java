package dev.ingot.accelerator.tck;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.backend.AcceleratorProvider;
import dev.ingot.accelerator.backend.Backend;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.Isolation;
import dev.ingot.accelerator.host.HostedProvider;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Devices of another provider, in a device host where that needs one, which tell what the framework asks of them and can be held in the
 * middle of a kernel. Thread-safe.
 */
final class ObservedProvider implements AcceleratorProvider {
    private final AcceleratorProvider driven;
    private final List<ObservedBackend> opened = new CopyOnWriteArrayList<>();
    private volatile long holdFrom = Long.MAX_VALUE;

    ObservedProvider(AcceleratorProvider provider) {
        this.driven = provider.isolation() == Isolation.DEVICE_HOST ? new HostedProvider(provider) : provider;
    }

    /** In order; those that are closed too. */
    List<ObservedBackend> opened() {
        return opened;
    }

    /** The one that was opened last. */
    ObservedBackend last() {
        return opened.get(opened.size() - 1);
    }

    /** From now on steps that begin at this item or later wait until the framework wants the device to stop. */
    void hold(long first) {
        holdFrom = first;
    }

    /** Lets all steps go on. */
    void release() {
        holdFrom = Long.MAX_VALUE;
        opened.forEach(ObservedBackend::release);
    }

    boolean isHolding(long first) {
        return first >= holdFrom;
    }

    @Override
    public String name() {
        return driven.name();
    }

    @Override
    public List<DeviceDescriptor> discover() {
        return driven.discover();
    }

    @Override
    public List<String> diagnostics() {
        return driven.diagnostics();
    }

    @Override
    public Backend open(String id) throws DeviceFault {
        ObservedBackend backend = new ObservedBackend(this, driven.open(id));
        opened.add(backend);
        return backend;
    }
}
