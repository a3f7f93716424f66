package dev.ingot.accelerator.cpu.vector;

import com.sun.management.OperatingSystemMXBean;
import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.cpu.CpuProvider;
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
import java.util.List;

/** How fast the CPU backend multiplies matrices of floats, by the time of processors that the whole JVM takes. */
final class GemmMeasurement {
    private static final double WORK = 5e10;

    private GemmMeasurement() {}

    public static void main(String[] arguments) throws DeviceFault, InterruptedException {
        System.out.printf("JDK %s, vectors: %b%n", System.getProperty("java.version"), new VectorKernel().isPossible());
        for (String side : arguments) {
            measure(Long.parseLong(side));
        }
    }

    private static void measure(long side) throws DeviceFault, InterruptedException {
        Accelerators accelerators = Accelerators.of(List.of(new CpuProvider()));
        try (Device device = accelerators.open(accelerators.devices().get(0))) {
            List<DeviceBuffer> buffers = List.of(
                    device.allocate("a", 4 * side * side),
                    device.allocate("b", 4 * side * side),
                    device.allocate("c", 4 * side * side));
            CommandQueue queue = device.createQueue("queue");
            Timeline done = new Timeline("done");
            Scalars sizes = Scalars.of("m", side).and("n", side).and("k", side);
            double products = 2.0 * side * side * side;
            long runs = Math.max(4, (long) (WORK / products));
            long start = 0;
            for (long run = 0; run < 2 * runs; run++) {
                // The first half is for the compilers.
                start = run == runs ? processorNanos() : start;
                queue.submit(Kernel.of(StandardOperations.GEMM_F32, buffers, sizes), new TimelinePoint(done, run + 1));
                done.await(run + 1);
            }
            System.out.printf(
                    "side %d: %.1f GFLOP for each second of a processor%n",
                    side, products * runs / (processorNanos() - start));
        }
    }

    private static long processorNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }
}
