package dev.ingot.integration.accelerator;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.DeviceKind;
import dev.ingot.accelerator.backend.AcceleratorProvider;
import dev.ingot.accelerator.backend.Backend;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.tck.ReferenceProvider;
import java.util.List;

/** A card that computes by contracts, and is in the machine unless the environment says that it was pulled out. */
public final class PluggableProvider implements AcceleratorProvider {
    /** A variable that is there where the card is not. An image names what its program had, so one that is missing there stays so elsewhere. */
    public static final String PULLED = "PLUGGABLE_CARD_IS_PULLED";

    private final ReferenceProvider reference = new ReferenceProvider();

    /** For {@link java.util.ServiceLoader}. */
    public PluggableProvider() {}

    @Override
    public String name() {
        return "card";
    }

    @Override
    public List<DeviceDescriptor> discover() {
        if (System.getenv(PULLED) != null) {
            return List.of();
        }
        return reference.discover().stream()
                .map(device -> new DeviceDescriptor(
                        name(),
                        device.id(),
                        DeviceKind.GPU,
                        "card",
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
