package dev.ingot.accelerator.device;

import dev.ingot.accelerator.DeviceKind;
import dev.ingot.accelerator.backend.AcceleratorProvider;
import dev.ingot.accelerator.backend.Backend;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.DeviceMemory;
import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.KernelFormat;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A device that counts how many compute on it at once, and can be held within a step. */
final class CrowdedProvider implements AcceleratorProvider {
    /** The most that were within a step at once. */
    final AtomicInteger most = new AtomicInteger();
    /** All that were computed. */
    final AtomicLong items = new AtomicLong();

    /** How often its devices were looked for. */
    final AtomicInteger asked = new AtomicInteger();

    private final AtomicInteger within = new AtomicInteger();
    private final String name;
    private volatile CountDownLatch held = new CountDownLatch(0);
    private volatile CountDownLatch gate = new CountDownLatch(0);

    CrowdedProvider(String name) {
        this.name = name;
    }

    /** The next step waits for {@link #release}. */
    void hold() {
        held = new CountDownLatch(1);
        gate = new CountDownLatch(1);
    }

    void awaitHeld() throws InterruptedException {
        held.await();
    }

    void release() {
        gate.countDown();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<DeviceDescriptor> discover() {
        asked.incrementAndGet();
        return List.of(new DeviceDescriptor(
                name, "0", DeviceKind.OTHER, "crowded", "1", 1L << 40, Map.of(), Map.of(), Set.of(KernelFormat.JAVA)));
    }

    @Override
    public Backend open(String id) {
        return new CrowdedBackend();
    }

    private final class CrowdedBackend implements Backend {
        @Override
        public DeviceMemory allocate(long bytes) {
            return new PlainMemory(HostMemory.allocate(bytes));
        }

        @Override
        public void compute(Operation operation, List<DeviceMemory> operands, Scalars scalars, long first, long end) {
            most.accumulateAndGet(within.incrementAndGet(), Math::max);
            held.countDown();
            try {
                gate.await();
                Thread.yield();
            } catch (InterruptedException unexpected) {
                throw new IllegalStateException("nobody interrupts the thread of a device", unexpected);
            }
            items.addAndGet(end - first);
            within.decrementAndGet();
        }

        @Override
        public void close() {}
    }

    private record PlainMemory(HostMemory memory) implements DeviceMemory {
        @Override
        public long size() {
            return memory.size();
        }

        @Override
        public void write(long offset, ByteBuffer source) {
            memory.write(offset, source);
        }

        @Override
        public void read(long offset, ByteBuffer target) {
            memory.read(offset, target);
        }

        @Override
        public void close() {}
    }
}
