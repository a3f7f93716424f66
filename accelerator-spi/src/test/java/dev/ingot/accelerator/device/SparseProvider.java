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
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** Devices that compute nothing, have endless memory that takes room only where it is written, and tell what is done with them. */
final class SparseProvider implements AcceleratorProvider {
    private static final int PAGE = 1 << 16;

    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    final AtomicInteger reads = new AtomicInteger();
    /** The arrays that content was read into, in order. */
    final List<byte[]> readInto = new CopyOnWriteArrayList<>();
    /** Each step of a kernel takes one. */
    final Semaphore steps = new Semaphore(0);
    /** The first items of the steps that were begun. */
    final List<Long> begun = new CopyOnWriteArrayList<>();

    /** Whether there is no memory, which shows when it is allocated. */
    volatile boolean isFull;

    /** Called before a device is opened. */
    volatile Runnable beforeOpen = () -> {};

    /** Called before content is read. */
    volatile Runnable beforeRead = () -> {};

    /** Called to end a step that takes too long. */
    volatile BooleanSupplier abort = () -> false;

    private final String name;
    private final int count;

    SparseProvider(String name) {
        this(name, 1);
    }

    /** A provider of so many devices. */
    SparseProvider(String name, int count) {
        this.name = name;
        this.count = count;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<DeviceDescriptor> discover() {
        return IntStream.range(0, count)
                .mapToObj(id -> new DeviceDescriptor(
                        name,
                        Integer.toString(id),
                        DeviceKind.OTHER,
                        "sparse",
                        "1",
                        1L << 40,
                        Map.of(),
                        Map.of(),
                        Set.of(KernelFormat.JAVA)))
                .toList();
    }

    @Override
    public Backend open(String id) {
        beforeOpen.run();
        opened.incrementAndGet();
        return new SparseBackend();
    }

    private final class SparseBackend implements Backend {
        @Override
        public DeviceMemory allocate(long bytes) throws DeviceFault {
            if (isFull) {
                throw new DeviceFault(DeviceFault.Code.OUT_OF_MEMORY, DeviceFault.Scope.COMMAND, name + " is full");
            }
            return new SparseMemory(bytes);
        }

        @Override
        public void compute(Operation operation, List<DeviceMemory> operands, Scalars scalars, long first, long end) {
            begun.add(first);
            steps.acquireUninterruptibly();
        }

        @Override
        public boolean abort() {
            return abort.getAsBoolean();
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    private final class SparseMemory implements DeviceMemory {
        private final long size;
        private final Map<Long, byte[]> pages = new HashMap<>();

        SparseMemory(long size) {
            this.size = size;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public void write(long offset, ByteBuffer source) {
            long at = offset;
            while (source.hasRemaining()) {
                int count = (int) Math.min(source.remaining(), PAGE - at % PAGE);
                ByteBuffer part = source.slice(source.position(), count);
                if (pages.containsKey(at / PAGE) || !part.equals(ByteBuffer.allocate(count))) {
                    part.get(pages.computeIfAbsent(at / PAGE, page -> new byte[PAGE]), (int) (at % PAGE), count);
                }
                source.position(source.position() + count);
                at += count;
            }
        }

        @Override
        public void read(long offset, ByteBuffer target) {
            beforeRead.run();
            reads.incrementAndGet();
            if (target.hasArray() && target.arrayOffset() == 0) {
                readInto.add(target.array());
            }
            long at = offset;
            while (target.hasRemaining()) {
                int count = (int) Math.min(target.remaining(), PAGE - at % PAGE);
                byte[] page = pages.getOrDefault(at / PAGE, new byte[PAGE]);
                target.put(page, (int) (at % PAGE), count);
                at += count;
            }
        }

        @Override
        public void close() {
            pages.clear();
        }
    }
}
