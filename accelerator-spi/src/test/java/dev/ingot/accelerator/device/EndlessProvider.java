package dev.ingot.accelerator.device;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.DeviceKind;
import dev.ingot.accelerator.backend.AcceleratorProvider;
import dev.ingot.accelerator.backend.Backend;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.DeviceMemory;
import dev.ingot.accelerator.backend.OperationSupport;
import dev.ingot.accelerator.backend.Registers;
import dev.ingot.accelerator.backend.SuspendableBackend;
import dev.ingot.accelerator.operation.Determinism;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import dev.ingot.accelerator.standard.StandardOperations;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A device whose steps never end, but for one that has been stopped twice before. */
final class EndlessProvider implements AcceleratorProvider {
    private static final String STOPS = "stops";

    /** Open once a step has begun. */
    final CountDownLatch begun = new CountDownLatch(1);

    @Override
    public String name() {
        return "endless";
    }

    @Override
    public List<DeviceDescriptor> discover() {
        String identity = StandardOperations.PHILOX_4X32.identity();
        return List.of(new DeviceDescriptor(
                name(),
                "0",
                DeviceKind.FPGA,
                "endless",
                "1",
                1L << 40,
                Map.of(),
                Map.of(identity, new OperationSupport(identity, Determinism.BITWISE_ANY_KIND, 1, "counter")),
                Set.of()));
    }

    @Override
    public Backend open(String id) {
        SparseProvider memories = new SparseProvider("memories");
        return new EndlessBackend(memories.open("0"), begun);
    }

    private record EndlessBackend(Backend memories, CountDownLatch begun) implements SuspendableBackend {
        @Override
        public DeviceMemory allocate(long bytes) throws DeviceFault {
            return memories.allocate(bytes);
        }

        @Override
        public @Nullable Registers compute(
                Operation operation,
                List<DeviceMemory> operands,
                Scalars scalars,
                long first,
                long end,
                @Nullable Registers from,
                BooleanSupplier isSuspended) {
            long stops = from == null
                    ? 0
                    : from.values().getOrDefault(STOPS, BigInteger.ZERO).longValue();
            if (stops == 2) {
                return null;
            }
            begun.countDown();
            while (!isSuspended.getAsBoolean()) {
                Thread.yield();
            }
            return new Registers("counter", first, end, Map.of(STOPS, BigInteger.valueOf(stops + 1)));
        }

        @Override
        public void close() {
            memories.close();
        }
    }
}
