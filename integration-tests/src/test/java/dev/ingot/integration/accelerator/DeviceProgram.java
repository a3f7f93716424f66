package dev.ingot.integration.accelerator;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.device.Accelerators;
import dev.ingot.accelerator.device.CommandQueue;
import dev.ingot.accelerator.device.Device;
import dev.ingot.accelerator.device.DeviceBuffer;
import dev.ingot.accelerator.device.Kernel;
import dev.ingot.accelerator.device.Timeline;
import dev.ingot.accelerator.device.TimelinePoint;
import dev.ingot.accelerator.operation.Access;
import dev.ingot.accelerator.operation.Determinism;
import dev.ingot.accelerator.operation.ElementType;
import dev.ingot.accelerator.operation.KernelFormat;
import dev.ingot.accelerator.operation.Operand;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalar;
import dev.ingot.accelerator.operation.Scalars;
import dev.ingot.accelerator.standard.StandardOperations;
import dev.ingot.scheduler.pool.WorkloadSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Computes on the device it is given the name of, or of the kind that its pool tells it to use, for as many rounds as it is told, and writes what came out. */
public final class DeviceProgram {
    private static final long ITEMS = 1000;
    private static final long SIDE = 96;
    private static final Operation SLOW_SUM = new Operation(
            "slow-sum",
            1,
            List.of(new Operand("in", ElementType.I64, Access.READ), new Operand("out", ElementType.I64, Access.WRITE)),
            List.of(new Scalar("n", ElementType.I64), new Scalar("rounds", ElementType.I64)),
            Determinism.BITWISE_ANY_KIND,
            true,
            new SlowSum(),
            Map.of(KernelFormat.OPENCL_C, SlowSum.OPENCL_C));

    /** Instead of a name: the kind that the pool tells. */
    public static final String GRANTED = "granted";

    private DeviceProgram() {}

    public static void main(String[] arguments) throws DeviceFault, InterruptedException {
        Accelerators accelerators = Accelerators.find();
        String name = arguments[0].equals(GRANTED) ? System.getenv(WorkloadSpec.DEVICE_KIND_VARIABLE) : arguments[0];
        try (Device device = accelerators.open(accelerators.named(name).get(0))) {
            DeviceBuffer in = device.allocate("in", 8 * ITEMS);
            DeviceBuffer out = device.allocate("out", 8 * ITEMS);
            ByteBuffer seeds = ByteBuffer.allocate((int) in.bytes()).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < ITEMS; i++) {
                seeds.putLong(8 * i, i);
            }
            in.write(0, seeds);
            CommandQueue queue = device.createQueue("work");
            Timeline done = new Timeline("done");
            Scalars scalars = Scalars.of("n", ITEMS).and("rounds", Long.parseLong(arguments[1]));
            queue.submit(Kernel.of(SLOW_SUM, List.of(in, out), scalars), new TimelinePoint(done, 1));
            System.out.println("submitted");
            DeviceBuffer product = device.allocate("product", 4 * SIDE * SIDE);
            DeviceBuffer a = device.allocate("a", 4 * SIDE * SIDE);
            queue.submit(
                    Kernel.of(
                            StandardOperations.PHILOX_4X32,
                            List.of(a),
                            Scalars.of("blocks", SIDE * SIDE / 4)
                                    .and("counter", 0L)
                                    .and("stream", 0L)
                                    .and("key", 1L)),
                    new TimelinePoint(done, 2));
            queue.submit(
                    Kernel.of(
                            StandardOperations.GEMM_I8,
                            List.of(a, a, product),
                            Scalars.of("m", SIDE).and("n", SIDE).and("k", SIDE)),
                    new TimelinePoint(done, 3));
            done.await(3);
            System.out.println("sums " + hash(out));
            System.out.println("product " + hash(product));
        }
    }

    private static int hash(DeviceBuffer buffer) throws DeviceFault, InterruptedException {
        ByteBuffer content = ByteBuffer.allocate((int) buffer.bytes());
        buffer.read(0, content);
        return Arrays.hashCode(content.array());
    }
}
