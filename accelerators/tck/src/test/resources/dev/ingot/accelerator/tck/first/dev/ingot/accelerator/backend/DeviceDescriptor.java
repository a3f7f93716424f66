package dev.ingot.accelerator.backend;

import dev.ingot.accelerator.DeviceKind;
import dev.ingot.accelerator.operation.Determinism;
import dev.ingot.accelerator.operation.KernelFormat;
import dev.ingot.accelerator.operation.Operation;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a device is and can do. Plain data: a scheduler compares descriptors of devices that are far away. Immutable.
 *
 * @param provider name of the provider
 * @param id of the device among those of the provider, the same at every discovery
 * @param kind what it is
 * @param model for people
 * @param build whatever tells one build of device, driver and compiler from another
 * @param memoryBytes how much its buffers may take together
 * @param attributes anything else, such as {@code compute.units}
 * @param operations what it brings itself, by identity
 * @param formats in which forms it takes any other operation
 */
public record DeviceDescriptor(
        String provider,
        String id,
        DeviceKind kind,
        String model,
        String build,
        long memoryBytes,
        Map<String, Attribute> attributes,
        Map<String, OperationSupport> operations,
        Set<KernelFormat> formats) {
    public DeviceDescriptor {
        attributes = Map.copyOf(attributes);
        operations = Map.copyOf(operations);
        formats = Set.copyOf(formats);
    }

    /** Provider and id in one, as in {@code cpu:0}. */
    public String name() {
        return provider + ":" + id;
    }

    /** How the device has the operation, or null if it does not. */
    public @Nullable OperationSupport support(Operation operation) {
        OperationSupport own = operations.get(operation.identity());
        if (own != null) {
            return own;
        }
        if (formats.contains(KernelFormat.JAVA)) {
            return new OperationSupport(operation.identity(), operation.determinism(), 1);
        }
        for (KernelFormat format : operation.variants().keySet()) {
            if (formats.contains(format)) {
                return new OperationSupport(operation.identity(), Determinism.BITWISE_SAME_KIND, 1);
            }
        }
        return null;
    }

    @Override
    public String toString() {
        return name() + " (" + kind + ", " + model + ")";
    }
}
