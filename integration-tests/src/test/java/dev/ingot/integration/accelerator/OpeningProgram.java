package dev.ingot.integration.accelerator;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.DeviceKind;
import dev.ingot.accelerator.backend.AcceleratorProvider;
import dev.ingot.accelerator.backend.Backend;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.DeviceMemory;
import dev.ingot.accelerator.device.Accelerators;
import dev.ingot.accelerator.device.Device;
import dev.ingot.accelerator.operation.KernelFormat;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import dev.ingot.accelerator.share.Share;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** Opens a device of the name it is given, with a share, which takes until there is a file {@link #MAY_OPEN}. */
public final class OpeningProgram {
    static final String MAY_OPEN = "may-open";

    private static final long PAUSE_NANOS = 10_000_000;

    private OpeningProgram() {}

    public static void main(String[] arguments) throws DeviceFault {
        Accelerators accelerators = Accelerators.of(List.of(new SlowProvider(arguments[0])));
        try (Device device = accelerators
                .sharing(new Share("test", 1, 1000))
                .open(accelerators.devices().get(0))) {
            System.out.println("opened " + device.health().status());
        }
    }

    /** Its devices are slow to open, and compute nothing. */
    private record SlowProvider(String name) implements AcceleratorProvider {
        @Override
        public List<DeviceDescriptor> discover() {
            return List.of(new DeviceDescriptor(
                    name, "0", DeviceKind.OTHER, "slow", "1", 1000, Map.of(), Map.of(), Set.of(KernelFormat.JAVA)));
        }

        @Override
        public Backend open(String id) {
            System.out.println("opening");
            while (!Files.exists(Path.of(MAY_OPEN))) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            return new NoBackend();
        }
    }

    private static final class NoBackend implements Backend {
        @Override
        public DeviceMemory allocate(long bytes) {
            throw new IllegalStateException("nobody asks for memory");
        }

        @Override
        public void compute(Operation operation, List<DeviceMemory> operands, Scalars scalars, long first, long end) {
            throw new IllegalStateException("nobody computes");
        }

        @Override
        public void close() {}
    }
}
