package dev.ingot.accelerator.cpu;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.backend.DeviceMemory;
import dev.ingot.accelerator.backend.SharingBackend;
import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Computes in a pool of its own, whose threads are in the group of the thread that computes first. */
final class CpuBackend implements SharingBackend {
    /** Ranges a thread gets, so that one that is late does not keep all others waiting. */
    private static final int RANGES_PER_THREAD = 4;

    /** As long as it takes to wake a thread of the pool and to hear of its end, on current machines. */
    private static final long ALONE_NANOS = 20_000;
    /** Ranges of a step that is begun alone: a long step has lost little then when the others join in. */
    private static final int RANGES_ALONE = 256;

    private final int threads = Runtime.getRuntime().availableProcessors();
    private final FastOperations operations = new FastOperations();
    private final ForkJoinPool pool = new ForkJoinPool(Math.max(1, threads - 1), Worker::new, null, false);

    private static final class Worker extends ForkJoinWorkerThread {
        Worker(ForkJoinPool pool) {
            super(pool);
            setDaemon(true);
        }
    }

    @Override
    public DeviceMemory allocate(long bytes) throws DeviceFault {
        try {
            requireFits(bytes);
            return CpuMemory.own(HostMemory.allocate(bytes));
        } catch (OutOfMemoryError full) {
            throw new DeviceFault(
                    DeviceFault.Code.OUT_OF_MEMORY,
                    DeviceFault.Scope.COMMAND,
                    false,
                    "cannot allocate " + bytes + " bytes on the heap; give it more with -Xmx",
                    Map.of(),
                    full);
        }
    }

    @Override
    public DeviceMemory share(HostMemory memory) {
        return CpuMemory.shared(memory);
    }

    /** What is hopeless is not tried: filling the heap up would hurt the rest of the program. */
    private static void requireFits(long bytes) {
        Runtime runtime = Runtime.getRuntime();
        if (bytes > runtime.maxMemory()) {
            throw new OutOfMemoryError("the heap has at most " + runtime.maxMemory() + " bytes");
        }
    }

    @Override
    public void compute(Operation operation, List<DeviceMemory> operands, Scalars scalars, long first, long end)
            throws DeviceFault {
        List<CpuMemory> memories = new ArrayList<>();
        for (int i = 0; i < operands.size(); i++) {
            CpuMemory memory = (CpuMemory) operands.get(i);
            if (operation.operands().get(i).access().writes()) {
                memory.touch();
            }
            memories.add(memory);
        }
        Range range = operations.prepare(operation, memories, scalars);
        long length = Math.max(1, (end - first) / ((long) threads * RANGES_PER_THREAD));
        AtomicLong next = new AtomicLong(computeAlone(range, first, end, operation));
        Runnable share = () -> {
            for (long from = next.getAndAdd(length); from < end; from = next.getAndAdd(length)) {
                range.compute(from, Math.min(end, from + length));
            }
        };
        List<ForkJoinTask<?>> others = new ArrayList<>();
        for (int i = 1; i < threads && next.get() < end; i++) {
            others.add(pool.submit(share));
        }
        // The device's own thread takes its share: to wake others and to wait for them is what a step costs beside its
        // work.
        DeviceFault own = null;
        try {
            share.run();
        } catch (RuntimeException | Error failed) {
            next.set(end);
            own = failed(operation, failed, failed);
        }
        await(others, operation);
        if (own != null) {
            throw own;
        }
    }

    /** Begins in the device's own thread: what is soon done takes less time than to wake others would. Returns what is left. */
    private static long computeAlone(Range range, long first, long end, Operation operation) throws DeviceFault {
        long start = System.nanoTime();
        long length = Math.max(1, (end - first) / RANGES_ALONE);
        long from = first;
        try {
            while (from < end && System.nanoTime() - start < ALONE_NANOS) {
                long stop = Math.min(end, from + length);
                range.compute(from, stop);
                from = stop;
            }
        } catch (RuntimeException | Error failed) {
            throw failed(operation, failed, failed);
        }
        return from;
    }

    private static void await(List<ForkJoinTask<?>> tasks, Operation operation) throws DeviceFault {
        try {
            for (ForkJoinTask<?> task : tasks) {
                task.get();
            }
        } catch (ExecutionException failed) {
            throw failed(operation, failed.getCause(), failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new DeviceFault(
                    DeviceFault.Code.LOST,
                    DeviceFault.Scope.DEVICE,
                    false,
                    "the thread of the device was interrupted in " + operation,
                    Map.of(),
                    interrupted);
        }
    }

    private static DeviceFault failed(Operation operation, @Nullable Throwable reason, Throwable cause) {
        return new DeviceFault(
                DeviceFault.Code.INVALID_ARGUMENT,
                DeviceFault.Scope.COMMAND,
                false,
                operation + " failed: " + reason,
                Map.of(),
                cause);
    }

    @Override
    public void close() {
        pool.shutdown();
    }
}
