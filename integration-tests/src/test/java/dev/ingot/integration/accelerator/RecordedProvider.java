package dev.ingot.integration.accelerator;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.backend.AcceleratorProvider;
import dev.ingot.accelerator.backend.Attribute;
import dev.ingot.accelerator.backend.Backend;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.DeviceMemory;
import dev.ingot.accelerator.backend.Isolation;
import dev.ingot.accelerator.backend.NativeImage;
import dev.ingot.accelerator.backend.Registers;
import dev.ingot.accelerator.backend.SharingBackend;
import dev.ingot.accelerator.backend.SuspendableBackend;
import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A card, with a record of what steps are stopped with and go on from. The file {@code record} lies two directories above, as
 * {@link SlowSum}'s do.
 */
abstract class RecordedProvider implements AcceleratorProvider {
    static final String RECORD = "record";
    static final String STOPPED = "stopped with ";
    static final String WENT_ON = "went on from ";
    /** Between what is known by name and the native state. */
    static final String NATIVELY = ", natively ";

    private final String name;
    private final AcceleratorProvider card;

    RecordedProvider(String name, AcceleratorProvider card) {
        this.name = name;
        this.card = card;
    }

    /** Of which build its native images are; null for none. */
    abstract @Nullable String nativeBuild(DeviceDescriptor device);

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final Isolation isolation() {
        return Isolation.DEVICE_HOST;
    }

    @Override
    public final List<DeviceDescriptor> discover() {
        return card.discover().stream()
                .map(device -> new DeviceDescriptor(
                        name(),
                        device.id(),
                        device.kind(),
                        device.model(),
                        device.build(),
                        device.memoryBytes(),
                        attributes(device),
                        device.operations(),
                        device.formats()))
                .toList();
    }

    private Map<String, Attribute> attributes(DeviceDescriptor device) {
        Map<String, Attribute> attributes = new HashMap<>(device.attributes());
        attributes.remove(NativeImage.ATTRIBUTE);
        String build = nativeBuild(device);
        if (build != null) {
            attributes.put(NativeImage.ATTRIBUTE, Attribute.of(build));
        }
        return attributes;
    }

    @Override
    public final Backend open(String id) throws DeviceFault {
        return new RecordedCard(card.open(id));
    }

    private record RecordedCard(Backend card) implements SharingBackend, SuspendableBackend {
        @Override
        public DeviceMemory allocate(long bytes) throws DeviceFault {
            return card.allocate(bytes);
        }

        @Override
        public DeviceMemory share(HostMemory memory) throws DeviceFault {
            return ((SharingBackend) card).share(memory);
        }

        @Override
        public @Nullable Registers compute(
                Operation operation,
                List<DeviceMemory> operands,
                Scalars scalars,
                long first,
                long end,
                @Nullable Registers from,
                BooleanSupplier isSuspended)
                throws DeviceFault {
            write(WENT_ON, from);
            Registers stopped =
                    ((SuspendableBackend) card).compute(operation, operands, scalars, first, end, from, isSuspended);
            write(STOPPED, stopped);
            return stopped;
        }

        private static void write(String what, @Nullable Registers registers) {
            if (registers == null) {
                return;
            }
            try {
                Files.writeString(
                        Path.of("..", "..", RECORD),
                        what + registers.design() + " " + registers.first() + "-" + registers.end() + " "
                                + new TreeMap<>(registers.values()) + NATIVELY + registers.nativeImage() + " "
                                + (registers.nativeImage() == null
                                        ? ""
                                        : Arrays.hashCode(
                                                registers.nativeImage().digest()))
                                + "\n",
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            card.close();
        }
    }
}
