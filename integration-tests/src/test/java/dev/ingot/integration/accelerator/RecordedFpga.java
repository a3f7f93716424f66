package dev.ingot.integration.accelerator;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.backend.AcceleratorProvider;
import dev.ingot.accelerator.backend.Backend;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.DeviceMemory;
import dev.ingot.accelerator.backend.Isolation;
import dev.ingot.accelerator.backend.Registers;
import dev.ingot.accelerator.backend.SharingBackend;
import dev.ingot.accelerator.backend.SuspendableBackend;
import dev.ingot.accelerator.fpga.FpgaProvider;
import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The FPGA, with a record of the registers that steps are stopped with and go on from. The file {@code record} lies two directories
 * above, as {@link SlowSum}'s do.
 */
public final class RecordedFpga implements AcceleratorProvider {
    static final String RECORD = "record";
    static final String STOPPED = "stopped with ";
    static final String WENT_ON = "went on from ";

    private final FpgaProvider fpga = new FpgaProvider();

    /** For {@link java.util.ServiceLoader}. */
    public RecordedFpga() {}

    @Override
    public String name() {
        return "recorded";
    }

    @Override
    public Isolation isolation() {
        return Isolation.DEVICE_HOST;
    }

    @Override
    public List<DeviceDescriptor> discover() {
        return fpga.discover().stream()
                .map(device -> new DeviceDescriptor(
                        name(),
                        device.id(),
                        device.kind(),
                        device.model(),
                        device.build(),
                        device.memoryBytes(),
                        device.attributes(),
                        device.operations(),
                        device.formats()))
                .toList();
    }

    @Override
    public Backend open(String id) throws DeviceFault {
        return new RecordedCard(fpga.open(id));
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
                                + new TreeMap<>(registers.values()) + "\n",
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
