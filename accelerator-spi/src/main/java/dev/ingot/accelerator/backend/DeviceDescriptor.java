package dev.ingot.accelerator.backend;

import dev.ingot.accelerator.DeviceKind;
import dev.ingot.accelerator.operation.Determinism;
import dev.ingot.accelerator.operation.KernelFormat;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Tolerance;
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

    /**
     * How the device has the operation, or null if it does not. Of what it computes by the operation's own code, in whatever form, the
     * operation says how far it agrees.
     */
    public @Nullable OperationSupport support(Operation operation) {
        OperationSupport own = operations.get(operation.identity());
        if (own != null) {
            return own;
        }
        if (formats.contains(KernelFormat.JAVA)) {
            return new OperationSupport(operation.identity(), operation.determinism(), 1, Tolerance.EXACT);
        }
        for (KernelFormat format : operation.variants().keySet()) {
            if (formats.contains(format)) {
                Determinism promise = format.strongest().isAtLeast(operation.determinism())
                        ? operation.determinism()
                        : format.strongest();
                Tolerance tolerance = operation.tolerance() == null ? format.tolerance() : operation.tolerance();
                return new OperationSupport(operation.identity(), promise, format.grain(), null, tolerance);
            }
        }
        return null;
    }

    /**
     * What another device must say as well to take this one's state natively while its process lives; null if there is no such way.
     */
    public @Nullable String nativeBuild() {
        return text(NativeBackend.ATTRIBUTE);
    }

    /** Of which build native images are that the device makes and takes; null if it does not. */
    public @Nullable String nativeImageBuild() {
        return text(NativeImage.ATTRIBUTE);
    }

    private @Nullable String text(String attribute) {
        return attributes.get(attribute) instanceof Attribute.Text text ? text.value() : null;
    }

    /** Whether the device can go on from the native image, if there is one. It may still be damaged. */
    public boolean takesNatively(Registers registers) {
        NativeImage image = registers.nativeImage();
        return image != null && image.build().equals(nativeImageBuild());
    }

    /**
     * From what the device goes on with a step that another one has stopped, or this one: all of it where it takes the native image, or
     * else the registers' names, or null if it computes the step again.
     *
     * @param operation what the step is of; one that the device has
     */
    public @Nullable Registers goesOnFrom(Operation operation, Registers stopped) {
        if (takesNatively(stopped)) {
            return stopped;
        }
        OperationSupport support = support(operation);
        return support != null && support.takes(stopped) ? stopped.byName() : null;
    }

    @Override
    public String toString() {
        return name() + " (" + kind + ", " + model + ")";
    }
}
