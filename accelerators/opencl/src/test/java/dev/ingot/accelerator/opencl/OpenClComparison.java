package dev.ingot.accelerator.opencl;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.device.Accelerators;
import dev.ingot.accelerator.device.CommandQueue;
import dev.ingot.accelerator.device.Device;
import dev.ingot.accelerator.device.DeviceBuffer;
import dev.ingot.accelerator.device.Kernel;
import dev.ingot.accelerator.device.Timeline;
import dev.ingot.accelerator.device.TimelinePoint;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import dev.ingot.accelerator.standard.StandardOperations;
import dev.ingot.accelerator.tck.ProcessorTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.lwjgl.PointerBuffer;
import org.lwjgl.opencl.CL10;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.system.MemoryUtil;

/**
 * What the interface takes beside the bare calls of LWJGL, for the same kernels on the same device: the one in a device host, with safe
 * points, the other in this process, in one piece with the group size that the driver likes best. A third one makes the bare calls on the
 * device host's own memory, because equal calls on other pages differ by a fifth in how long they take. In turns, each by the time of
 * processors, its host's included, and by the shortest time that a clock has shown.
 */
final class OpenClComparison {
    private static final int ROUNDS = 12;
    private static final int RUNS = 8;
    /** What compilers and a program's first steps take is no part of a call, so small kernels come first. */
    private static final int SMALL_KERNELS = 4000;

    private static final int PAGE = 4096;

    /** What the driver computes in must not be collected. */
    private static final List<ByteBuffer> KEPT = new ArrayList<>();

    private OpenClComparison() {}

    /** A kernel, done. */
    private interface Work {
        void run() throws DeviceFault, InterruptedException;
    }

    public static void main(String[] arguments) throws DeviceFault, InterruptedException {
        long side = 1024;
        compare("vadd of 16 M floats", StandardOperations.ADD_F32, Scalars.of("n", 1L << 24), Scalars.of("n", 1000L));
        compare(
                "gemm of side 1024",
                StandardOperations.GEMM_F32,
                Scalars.of("m", side).and("n", side).and("k", side),
                Scalars.of("m", 8L).and("n", 8L).and("k", 8L));
    }

    private static void compare(String what, Operation operation, Scalars scalars, Scalars small)
            throws DeviceFault, InterruptedException {
        Accelerators accelerators = Accelerators.of(List.of(new OpenClProvider()));
        try (Device device = accelerators.open(accelerators.devices().get(0))) {
            warmUp(ours(device, "small", operation, small));
            warmUp(bare(operation, small, OpenClComparison::memory));
            Work ours = ours(device, "large", operation, scalars);
            Work bare = bare(operation, scalars, OpenClComparison::memory);
            Work there = bare(operation, scalars, memoryOfHost());
            Measured interfaced = new Measured();
            Measured raw = new Measured();
            Measured inPlace = new Measured();
            for (int round = 0; round < 2 * ROUNDS; round++) {
                // The first half is for caches and the length of steps.
                interfaced.add(ours, round >= ROUNDS);
                raw.add(bare, round >= ROUNDS);
                inPlace.add(there, round >= ROUNDS);
            }
            System.out.printf(
                    "JDK %s, %s: processor time %.3f of the bare calls', shortest time %.3f (%.2f and %.2f ms), bar 1.05; beside the"
                            + " bare calls on the same memory %.3f and %.3f%n",
                    System.getProperty("java.version"),
                    what,
                    interfaced.processor() / raw.processor(),
                    interfaced.shortest() / raw.shortest(),
                    interfaced.shortest() / 1e6,
                    raw.shortest() / 1e6,
                    interfaced.processor() / inPlace.processor(),
                    interfaced.shortest() / inPlace.shortest());
        }
    }

    private static void warmUp(Work small) throws DeviceFault, InterruptedException {
        for (int i = 0; i < SMALL_KERNELS; i++) {
            small.run();
        }
    }

    private static Work ours(Device device, String name, Operation operation, Scalars scalars)
            throws DeviceFault, InterruptedException {
        List<DeviceBuffer> buffers = new ArrayList<>();
        for (int i = 0; i < operation.operands().size(); i++) {
            buffers.add(device.allocate(name + " " + i, operation.bytes(i, scalars)));
        }
        CommandQueue queue = device.createQueue(name);
        Timeline done = new Timeline(name);
        Kernel kernel = Kernel.of(operation, buffers, scalars);
        return () -> {
            long next = done.value() + 1;
            queue.submit(kernel, new TimelinePoint(done, next));
            done.await(next);
        };
    }

    /** What is made here lives as long as the process. */
    private static Work bare(Operation operation, Scalars scalars, IntFunction<ByteBuffer> memory) throws DeviceFault {
        ClDevice device = ClDevice.all().get(0);
        try (MemoryStack stack = MemoryStack.stackPush()) {
            IntBuffer error = stack.mallocInt(1);
            long context = CL10.clCreateContext(
                    stack.pointers(CL10.CL_CONTEXT_PLATFORM, device.platform(), 0), device.device(), null, 0, error);
            ClError.check(error.get(0), "clCreateContext");
            long queue = CL10.clCreateCommandQueue(context, device.device(), 0, error);
            ClError.check(error.get(0), "clCreateCommandQueue");
            long kernel =
                    new ClKernels(context, device.device()).kernel(operation).handle();
            int index = 0;
            for (; index < operation.operands().size(); index++) {
                ByteBuffer content = memory.apply(Math.toIntExact(operation.bytes(index, scalars)));
                KEPT.add(content);
                long buffer =
                        CL10.clCreateBuffer(context, CL10.CL_MEM_READ_WRITE | CL10.CL_MEM_USE_HOST_PTR, content, error);
                ClError.check(error.get(0), "clCreateBuffer");
                CL10.clSetKernelArg1p(kernel, index, buffer);
            }
            for (var scalar : operation.scalars()) {
                CL10.clSetKernelArg1l(kernel, index++, scalars.integer(scalar.name()));
            }
            CL10.clSetKernelArg1l(kernel, index, 0);
            PointerBuffer items = MemoryUtil.memAllocPointer(1);
            items.put(0, operation.contract().items(scalars));
            return () -> {
                ClError.check(
                        CL10.clEnqueueNDRangeKernel(queue, kernel, 1, null, items, null, null, null),
                        "clEnqueueNDRangeKernel");
                ClError.check(CL10.clFinish(queue), "clFinish");
            };
        }
    }

    /** Nobody gives it back. */
    private static ByteBuffer memory(int bytes) {
        ByteBuffer content = MemoryUtil.memAlignedAlloc(PAGE, bytes);
        MemoryUtil.memSet(content, 0);
        return content;
    }

    /** The memory of this process's device hosts that is so large. */
    private static IntFunction<ByteBuffer> memoryOfHost() {
        int[] used = new int[1];
        return bytes -> {
            Path shared = Path.of("/dev/shm");
            String own = "ingot-device-" + ProcessHandle.current().pid() + "-";
            try (Stream<Path> all = Files.find(
                    shared,
                    2,
                    (file, attributes) -> attributes.size() == bytes
                            && shared.relativize(file).toString().startsWith(own))) {
                Path file = all.sorted().toList().get(used[0]++);
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                    return channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    private static final class Measured {
        private final List<Double> processor = new ArrayList<>();
        private double shortest = Double.MAX_VALUE;

        void add(Work work, boolean counts) throws DeviceFault, InterruptedException {
            long before = ProcessorTime.nanos();
            double best = Double.MAX_VALUE;
            for (int i = 0; i < RUNS; i++) {
                long start = System.nanoTime();
                work.run();
                best = Math.min(best, (double) (System.nanoTime() - start));
            }
            if (counts) {
                processor.add((double) (ProcessorTime.nanos() - before));
                shortest = Math.min(shortest, best);
            }
        }

        double shortest() {
            return shortest;
        }

        double processor() {
            double[] sorted =
                    processor.stream().mapToDouble(Double::doubleValue).toArray();
            Arrays.sort(sorted);
            return sorted[sorted.length / 2];
        }
    }
}
