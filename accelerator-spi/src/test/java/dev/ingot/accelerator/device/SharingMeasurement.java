package dev.ingot.accelerator.device;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.DeviceKind;
import dev.ingot.accelerator.backend.AcceleratorProvider;
import dev.ingot.accelerator.backend.Backend;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.DeviceMemory;
import dev.ingot.accelerator.operation.KernelFormat;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import dev.ingot.accelerator.share.Share;
import dev.ingot.accelerator.standard.StandardOperations;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * What it costs that two owners have a device in turns: how long two jobs take together, by the sum of what each takes alone. The
 * device computes for a time that is known, {@value #ITEM_NANOS} ns an item, and takes no processor for it, as one beside the processor.
 */
final class SharingMeasurement implements AcceleratorProvider {
    private static final long ITEM_NANOS = 1_000_000;
    private static final long ITEMS = 2000;

    private SharingMeasurement() {}

    public static void main(String[] arguments) throws DeviceFault, InterruptedException {
        int rounds = arguments.length == 0 ? 5 : Integer.parseInt(arguments[0]);
        for (int round = 0; round < rounds; round++) {
            double first = seconds("a");
            double second = seconds("b");
            double together = seconds("a", "b");
            System.out.printf(
                    "alone %.2f s and %.2f s, together %.2f s: %.3f of the sum%n",
                    first, second, together, together / (first + second));
        }
    }

    private static double seconds(String... owners) throws DeviceFault, InterruptedException {
        Accelerators accelerators = Accelerators.of(List.of(new SharingMeasurement()));
        List<Device> devices = new ArrayList<>();
        List<DeviceBuffer> buffers = new ArrayList<>();
        for (String owner : owners) {
            Device device = accelerators
                    .sharing(new Share(owner, 1, Long.MAX_VALUE))
                    .open(accelerators.devices().get(0));
            devices.add(device);
            buffers.add(device.allocate("out", 16 * ITEMS));
        }
        long start = System.nanoTime();
        List<Timeline> ends = new ArrayList<>();
        for (int i = 0; i < owners.length; i++) {
            Timeline end = new Timeline(owners[i]);
            devices.get(i)
                    .createQueue("queue")
                    .submit(
                            Kernel.of(
                                    StandardOperations.PHILOX_4X32,
                                    List.of(buffers.get(i)),
                                    Scalars.of("blocks", ITEMS)
                                            .and("counter", 0L)
                                            .and("stream", 0L)
                                            .and("key", 0L)),
                            new TimelinePoint(end, 1));
            ends.add(end);
        }
        for (Timeline end : ends) {
            end.await(1);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        devices.forEach(Device::close);
        return seconds;
    }

    @Override
    public String name() {
        return "measured";
    }

    @Override
    public List<DeviceDescriptor> discover() {
        return List.of(new DeviceDescriptor(
                name(), "0", DeviceKind.OTHER, "waits", "1", 1L << 40, Map.of(), Map.of(), Set.of(KernelFormat.JAVA)));
    }

    @Override
    public Backend open(String id) {
        return new WaitingBackend();
    }

    private static final class WaitingBackend implements Backend {
        @Override
        public DeviceMemory allocate(long bytes) {
            return new UntouchedMemory(bytes);
        }

        @Override
        public void compute(Operation operation, List<DeviceMemory> operands, Scalars scalars, long first, long end) {
            long start = System.nanoTime();
            long left = (end - first) * ITEM_NANOS;
            while (left > 0) {
                LockSupport.parkNanos(left);
                left = (end - first) * ITEM_NANOS - (System.nanoTime() - start);
            }
        }

        @Override
        public void close() {}
    }

    private record UntouchedMemory(long size) implements DeviceMemory {
        @Override
        public void write(long offset, ByteBuffer source) {
            throw new UnsupportedOperationException("nothing is written here");
        }

        @Override
        public void read(long offset, ByteBuffer target) {
            throw new UnsupportedOperationException("nothing is read here");
        }

        @Override
        public void close() {}
    }
}
