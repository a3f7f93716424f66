package dev.ingot.integration.accelerator;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.device.Accelerators;
import dev.ingot.accelerator.device.CommandQueue;
import dev.ingot.accelerator.device.Device;
import dev.ingot.accelerator.device.DeviceBuffer;
import dev.ingot.accelerator.device.Kernel;
import dev.ingot.accelerator.device.Timeline;
import dev.ingot.accelerator.device.TimelinePoint;
import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Scalars;
import dev.ingot.accelerator.standard.StandardOperations;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * Has the device it is given the name of compute one product of the given sizes after the other, each to the bit as the contract says, until there is a
 * file {@code stop} two directories above.
 */
final class RelayProgram {
    static final String STOP = "stop";
    /** What is computed one after the other, as notes of images tell. */
    static final String KERNEL = "gemm.i8@1";

    /** Long enough for every kind of device that a suspension finds it in the middle. */
    static final List<String> SIZES = List.of("1024", "64", "4096");

    private RelayProgram() {}

    public static void main(String[] arguments) throws DeviceFault, InterruptedException {
        long rows = Long.parseLong(arguments[1]);
        long columns = Long.parseLong(arguments[2]);
        long inner = Long.parseLong(arguments[3]);
        Scalars sizes = Scalars.of("m", rows).and("n", columns).and("k", inner);
        byte[] left = random(rows * inner);
        byte[] right = random(inner * columns);
        byte[] expected = expected(left, right, sizes);
        Accelerators accelerators = Accelerators.find();
        try (Device device = accelerators.open(accelerators.named(arguments[0]).get(0))) {
            DeviceBuffer a = device.allocate("a", left.length);
            DeviceBuffer b = device.allocate("b", right.length);
            a.write(0, ByteBuffer.wrap(left));
            b.write(0, ByteBuffer.wrap(right));
            List<DeviceBuffer> products =
                    List.of(device.allocate("even", expected.length), device.allocate("odd", expected.length));
            CommandQueue queue = device.createQueue("work");
            Timeline done = new Timeline("done");
            submit(queue, kernel(a, b, products, 0, sizes), done, 0);
            System.out.println("submitted");
            int count = 0;
            boolean isRight = true;
            while (!Files.exists(Path.of("..", "..", STOP))) {
                // There is always one that has not begun, so that the device is never idle.
                submit(queue, kernel(a, b, products, count + 1, sizes), done, count + 1);
                done.await(count + 1L);
                isRight &= isRight(products.get(count % 2), expected);
                count++;
            }
            done.await(count + 1L);
            System.out.println(isRight && isRight(products.get(count % 2), expected) ? "all right" : "wrong");
        }
    }

    private static Kernel kernel(
            DeviceBuffer a, DeviceBuffer b, List<DeviceBuffer> products, int number, Scalars sizes) {
        return Kernel.of(StandardOperations.GEMM_I8, List.of(a, b, products.get(number % 2)), sizes);
    }

    private static void submit(CommandQueue queue, Kernel kernel, Timeline done, int number) throws DeviceFault {
        queue.submit(kernel, new TimelinePoint(done, number + 1L));
    }

    private static byte[] random(long size) {
        byte[] content = new byte[(int) size];
        new Random(size).nextBytes(content);
        return content;
    }

    private static byte[] expected(byte[] left, byte[] right, Scalars sizes) {
        long rows = sizes.integer("m");
        HostMemory c = HostMemory.allocate(4 * rows * sizes.integer("n"));
        StandardOperations.GEMM_I8.contract().compute(List.of(memory(left), memory(right), c), sizes, 0, rows);
        byte[] content = new byte[(int) c.size()];
        c.read(0, ByteBuffer.wrap(content));
        return content;
    }

    private static HostMemory memory(byte[] content) {
        HostMemory memory = HostMemory.allocate(content.length);
        memory.write(0, ByteBuffer.wrap(content));
        return memory;
    }

    private static boolean isRight(DeviceBuffer product, byte[] expected) throws DeviceFault, InterruptedException {
        ByteBuffer content = ByteBuffer.allocate(expected.length);
        product.read(0, content);
        return content.flip().equals(ByteBuffer.wrap(expected));
    }
}
