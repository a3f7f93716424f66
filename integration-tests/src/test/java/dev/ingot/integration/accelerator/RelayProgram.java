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
import dev.ingot.accelerator.operation.ElementType;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import dev.ingot.accelerator.operation.Tolerance;
import dev.ingot.accelerator.standard.StandardOperations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Has the device it is given the name of compute one product of the given type and sizes after the other until there is a file {@code stop} two
 * directories above. Each must be what the contract says, as near as it is told.
 */
final class RelayProgram {
    static final String STOP = "stop";

    private static final List<Operation> PRODUCTS = List.of(StandardOperations.GEMM_I8, StandardOperations.GEMM_F32);

    private RelayProgram() {}

    /** The arguments, as a program takes them. */
    static List<String> arguments(
            String device, Operation product, long rows, long columns, long inner, Tolerance tolerance) {
        return List.of(
                device,
                product.identity(),
                Long.toString(rows),
                Long.toString(columns),
                Long.toString(inner),
                Integer.toString(tolerance.ulps()),
                Float.toString(tolerance.absolute()));
    }

    public static void main(String[] arguments) throws DeviceFault, InterruptedException {
        Operation product = PRODUCTS.stream()
                .filter(each -> each.identity().equals(arguments[1]))
                .findFirst()
                .orElseThrow();
        Scalars sizes = Scalars.of("m", Long.parseLong(arguments[2]))
                .and("n", Long.parseLong(arguments[3]))
                .and("k", Long.parseLong(arguments[4]));
        Tolerance tolerance = new Tolerance(Integer.parseInt(arguments[5]), Float.parseFloat(arguments[6]));
        ByteBuffer left = random(product, 0, sizes);
        ByteBuffer right = random(product, 1, sizes);
        ByteBuffer expected = expected(product, left, right, sizes);
        Accelerators accelerators = Accelerators.find();
        try (Device device = accelerators.open(accelerators.named(arguments[0]).get(0))) {
            DeviceBuffer a = device.allocate("a", left.capacity());
            DeviceBuffer b = device.allocate("b", right.capacity());
            a.write(0, left.duplicate());
            b.write(0, right.duplicate());
            List<Kernel> kernels = new ArrayList<>();
            for (String name : List.of("even", "odd")) {
                kernels.add(Kernel.of(product, List.of(a, b, device.allocate(name, expected.capacity())), sizes));
            }
            CommandQueue queue = device.createQueue("work");
            Timeline done = new Timeline("done");
            submit(queue, kernels, done, 0);
            System.out.println("submitted");
            int count = 0;
            String wrong = "";
            while (wrong.isEmpty() && !Files.exists(Path.of("..", "..", STOP))) {
                // There is always one that has not begun, so that the device is never idle.
                submit(queue, kernels, done, count + 1);
                done.await(count + 1L);
                wrong = difference(product, kernels.get(count % 2), expected, tolerance);
                count++;
            }
            done.await(count + 1L);
            wrong += difference(product, kernels.get(count % 2), expected, tolerance);
            System.out.println(wrong.isEmpty() ? "all right" : wrong);
        }
    }

    private static void submit(CommandQueue queue, List<Kernel> kernels, Timeline done, int number) throws DeviceFault {
        queue.submit(kernels.get(number % 2), new TimelinePoint(done, number + 1L));
    }

    /** Bytes, or fractions between -1 and 1. */
    private static ByteBuffer random(Operation product, int operand, Scalars sizes) {
        int bytes = (int) product.bytes(operand, sizes);
        Random random = new Random(bytes);
        ByteBuffer content = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (product.operands().get(operand).type() == ElementType.F32) {
            while (content.hasRemaining()) {
                content.putFloat(2 * random.nextFloat() - 1);
            }
        } else {
            random.nextBytes(content.array());
        }
        return content.rewind();
    }

    private static ByteBuffer expected(Operation product, ByteBuffer left, ByteBuffer right, Scalars sizes) {
        HostMemory c = HostMemory.allocate(product.bytes(2, sizes));
        product.contract()
                .compute(
                        List.of(memory(left), memory(right), c),
                        sizes,
                        0,
                        product.contract().items(sizes));
        ByteBuffer content = ByteBuffer.allocate((int) c.size()).order(ByteOrder.LITTLE_ENDIAN);
        c.read(0, content);
        return content.flip();
    }

    private static HostMemory memory(ByteBuffer content) {
        HostMemory memory = HostMemory.allocate(content.capacity());
        memory.write(0, content.duplicate());
        return memory;
    }

    /** Where the result of a kernel is not what it must be; empty if it is. */
    private static String difference(Operation product, Kernel kernel, ByteBuffer expected, Tolerance tolerance)
            throws DeviceFault, InterruptedException {
        ByteBuffer content = ByteBuffer.allocate(expected.capacity()).order(ByteOrder.LITTLE_ENDIAN);
        kernel.buffers().get(2).read(0, content);
        content.flip();
        if (tolerance.equals(Tolerance.EXACT) || product.operands().get(2).type() != ElementType.F32) {
            int at = content.mismatch(expected);
            return at < 0 ? "" : "wrong at byte " + at;
        }
        for (int at = 0; at < expected.capacity(); at += Float.BYTES) {
            if (!tolerance.accepts(content.getFloat(at), expected.getFloat(at))) {
                return content.getFloat(at) + " at byte " + at + " is not within " + tolerance + " of "
                        + expected.getFloat(at);
            }
        }
        return "";
    }
}
