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
 * Has each of the devices it is given the names of compute one product of the given type and sizes after the other until there is a file {@code
 * stop} two directories above. Each must be what the contract says, as near as it is told.
 */
final class RelayProgram {
    static final String STOP = "stop";

    private static final List<Operation> PRODUCTS = List.of(StandardOperations.GEMM_I8, StandardOperations.GEMM_F32);

    private final Operation product;
    private final Tolerance tolerance;
    private final ByteBuffer expected;
    private final Device device;
    private final List<Kernel> kernels = new ArrayList<>();
    private final CommandQueue queue;
    private final Timeline done = new Timeline("done");
    private String wrong = "";

    private RelayProgram(Device device, Operation product, Scalars sizes, Tolerance tolerance, ByteBuffer expected)
            throws DeviceFault, InterruptedException {
        this.device = device;
        this.product = product;
        this.tolerance = tolerance;
        this.expected = expected;
        this.queue = device.createQueue("work");
        DeviceBuffer a = filled("a", random(product, 0, sizes));
        DeviceBuffer b = filled("b", random(product, 1, sizes));
        for (String name : List.of("even", "odd")) {
            kernels.add(Kernel.of(product, List.of(a, b, device.allocate(name, expected.capacity())), sizes));
        }
    }

    private DeviceBuffer filled(String name, ByteBuffer content) throws DeviceFault, InterruptedException {
        DeviceBuffer buffer = device.allocate(name, content.capacity());
        buffer.write(0, content);
        return buffer;
    }

    /** The arguments, as a program takes them. */
    static List<String> arguments(
            List<String> devices, Operation product, long rows, long columns, long inner, Tolerance tolerance) {
        return List.of(
                String.join(",", devices),
                product.identity(),
                Long.toString(rows),
                Long.toString(columns),
                Long.toString(inner),
                Integer.toString(tolerance.ulps()),
                Float.toString(tolerance.absolute()));
    }

    /** What the program has the device of this number for. */
    static String role(int number) {
        return "runner-" + number;
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
        ByteBuffer expected = expected(product, random(product, 0, sizes), random(product, 1, sizes), sizes);
        Accelerators accelerators = Accelerators.find();
        List<RelayProgram> runners = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (String name : arguments[0].split(",", -1)) {
            Device device = accelerators.open(accelerators.named(name).get(0), role(runners.size()));
            RelayProgram runner = new RelayProgram(device, product, sizes, tolerance, expected);
            runners.add(runner);
            threads.add(new Thread(runner::run, device.role()));
        }
        for (RelayProgram runner : runners) {
            runner.submit(0);
        }
        System.out.println("submitted");
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        StringBuilder wrong = new StringBuilder();
        for (RelayProgram runner : runners) {
            wrong.append(runner.wrong);
            runner.device.close();
        }
        System.out.println(wrong.isEmpty() ? "all right" : wrong);
    }

    private void run() {
        try {
            int count = 0;
            while (wrong.isEmpty() && !Files.exists(Path.of("..", "..", STOP))) {
                // There is always one that has not begun, so that the device is never idle.
                submit(count + 1);
                done.await(count + 1L);
                wrong = difference(kernels.get(count % 2));
                count++;
            }
            done.await(count + 1L);
            wrong += difference(kernels.get(count % 2));
        } catch (DeviceFault | InterruptedException failed) {
            wrong += failed;
        }
    }

    private void submit(int number) throws DeviceFault {
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
    private String difference(Kernel kernel) throws DeviceFault, InterruptedException {
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
