package dev.ingot.accelerator.device;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.DeviceKind;
import dev.ingot.accelerator.backend.AcceleratorProvider;
import dev.ingot.accelerator.backend.Attribute;
import dev.ingot.accelerator.backend.Backend;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.DeviceMemory;
import dev.ingot.accelerator.backend.NativeImage;
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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A device whose steps never end, but for one that has been stopped twice before. It counts the stops in a register, and in native images
 * where it is of a build.
 */
final class EndlessProvider implements AcceleratorProvider {
    private static final String STOPS = "stops";

    /** Open once a step has begun. */
    final CountDownLatch begun = new CountDownLatch(1);

    final AtomicInteger opened = new AtomicInteger();
    /** What its steps began with, in order. */
    final List<Optional<Registers>> froms = new CopyOnWriteArrayList<>();
    /** What is made of the native images before they are given away. */
    volatile UnaryOperator<NativeImage> change = image -> image;

    private final String name;
    private final @Nullable String build;

    EndlessProvider() {
        this("endless", null);
    }

    /** A provider; {@code build} is of its native images, null for none. */
    EndlessProvider(String name, @Nullable String build) {
        this.name = name;
        this.build = build;
    }

    @Override
    public String name() {
        return name;
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
                build == null ? Map.of() : Map.of(NativeImage.ATTRIBUTE, Attribute.of(build)),
                Map.of(identity, new OperationSupport(identity, Determinism.BITWISE_ANY_KIND, 1, "counter")),
                Set.of()));
    }

    @Override
    public Backend open(String id) {
        opened.incrementAndGet();
        SparseProvider memories = new SparseProvider("memories");
        return new EndlessBackend(memories.open("0"));
    }

    private final class EndlessBackend implements SuspendableBackend {
        private final Backend memories;

        EndlessBackend(Backend memories) {
            this.memories = memories;
        }

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
            froms.add(Optional.ofNullable(from));
            int stops = from == null ? 0 : stops(from);
            if (stops == 2) {
                return null;
            }
            begun.countDown();
            while (!isSuspended.getAsBoolean()) {
                Thread.yield();
            }
            NativeImage image =
                    build == null ? null : change.apply(NativeImage.of(build, new byte[] {(byte) (stops + 1)}));
            return new Registers("counter", first, end, Map.of(STOPS, BigInteger.valueOf(stops + 1)), image);
        }

        private static int stops(Registers from) {
            NativeImage image = from.nativeImage();
            return image == null
                    ? from.values().getOrDefault(STOPS, BigInteger.ZERO).intValue()
                    : image.content().get(0);
        }

        @Override
        public void close() {
            memories.close();
        }
    }
}
