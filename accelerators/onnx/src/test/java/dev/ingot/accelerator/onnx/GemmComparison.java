package dev.ingot.accelerator.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.sun.management.OperatingSystemMXBean;
import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.device.Accelerators;
import dev.ingot.accelerator.device.CommandQueue;
import dev.ingot.accelerator.device.Device;
import dev.ingot.accelerator.device.DeviceBuffer;
import dev.ingot.accelerator.device.Kernel;
import dev.ingot.accelerator.device.Timeline;
import dev.ingot.accelerator.device.TimelinePoint;
import dev.ingot.accelerator.operation.Scalars;
import dev.ingot.accelerator.standard.StandardOperations;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * How fast the CPU backend, which has to be on the class path, multiplies matrices of floats beside ONNX Runtime on as many processors, in
 * turns in one JVM. The time is that of processors, which other programs disturb little.
 */
final class GemmComparison {
    private static final int ROUNDS = 15;
    private static final int PRODUCTS = 8;

    private GemmComparison() {}

    /** Some products. */
    private interface Work {
        void run() throws OrtException, DeviceFault, InterruptedException;
    }

    public static void main(String[] arguments) throws Exception {
        int side = Integer.parseInt(arguments[0]);
        byte[] a = random(side, 1);
        byte[] b = random(side, 2);
        Accelerators accelerators = Accelerators.find();
        OrtEnvironment environment = Engine.environment();
        try (Device device = accelerators.open(accelerators.named("cpu").get(0));
                OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(Runtime.getRuntime().availableProcessors());
            OrtSession session =
                    environment.createSession(GraphFunction.GEMM_F32.graph().model(), options);
            try (OnnxTensor left = tensor(environment, a, side);
                    OnnxTensor right = tensor(environment, b, side);
                    OnnxTensor product = tensor(environment, new byte[a.length], side)) {
                Work engine = () -> session.run(Map.of("a", left, "b", right), Set.of(), Map.of("c", product))
                        .close();
                compare(side, ours(device, a, b, side), engine);
            }
        }
    }

    private static byte[] random(int side, long seed) {
        ByteBuffer content = ByteBuffer.allocate(4 * side * side).order(ByteOrder.LITTLE_ENDIAN);
        Random random = new Random(seed);
        while (content.hasRemaining()) {
            content.putFloat(random.nextFloat());
        }
        return content.array();
    }

    private static OnnxTensor tensor(OrtEnvironment environment, byte[] content, int side) throws OrtException {
        ByteBuffer direct = ByteBuffer.allocateDirect(content.length).order(ByteOrder.nativeOrder());
        return OnnxTensor.createTensor(
                environment, direct.put(content).flip(), new long[] {side, side}, OnnxJavaType.FLOAT);
    }

    private static Work ours(Device device, byte[] a, byte[] b, long side) throws DeviceFault, InterruptedException {
        List<DeviceBuffer> buffers =
                List.of(device.allocate("a", a.length), device.allocate("b", a.length), device.allocate("c", a.length));
        buffers.get(0).write(0, ByteBuffer.wrap(a));
        buffers.get(1).write(0, ByteBuffer.wrap(b));
        CommandQueue queue = device.createQueue("products");
        Timeline done = new Timeline("done");
        Scalars sizes = Scalars.of("m", side).and("n", side).and("k", side);
        return () -> {
            long next = done.value() + 1;
            queue.submit(Kernel.of(StandardOperations.GEMM_F32, buffers, sizes), new TimelinePoint(done, next));
            done.await(next);
        };
    }

    private static void compare(int side, Work ours, Work theirs) throws Exception {
        double operations = 2.0 * side * side * side * PRODUCTS;
        List<Double> own = new ArrayList<>();
        List<Double> engine = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < 2 * ROUNDS; round++) {
            double one = operations / time(ours);
            double other = operations / time(theirs);
            // The first half is for the compilers.
            if (round >= ROUNDS) {
                own.add(one);
                engine.add(other);
                ratios.add(one / other);
            }
        }
        System.out.printf(
                "JDK %s, side %d, GFLOP for each second of a processor: CPU backend %.1f, ONNX Runtime %.1f,"
                        + " ratio %.2f (median of rounds; bar 0.60)%n",
                System.getProperty("java.version"), side, median(own), median(engine), median(ratios));
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static double time(Work work) throws Exception {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long start = system.getProcessCpuTime();
        for (int i = 0; i < PRODUCTS; i++) {
            work.run();
        }
        return (double) (system.getProcessCpuTime() - start);
    }
}
