package dev.ingot.accelerator.tck;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.backend.Backend;
import dev.ingot.accelerator.backend.DeviceMemory;
import dev.ingot.accelerator.backend.NativeBackend;
import dev.ingot.accelerator.backend.Registers;
import dev.ingot.accelerator.backend.SuspendableBackend;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A device of an {@link ObservedProvider}. Thread-safe as far as what it observes is. */
final class ObservedBackend implements SuspendableBackend, NativeBackend {
    private final ObservedProvider provider;
    private final Backend backend;
    private final List<Call> calls = new ArrayList<>();
    private final List<byte[]> readInto = new CopyOnWriteArrayList<>();

    private final List<Boolean> arrivals = new CopyOnWriteArrayList<>();

    /** Guarded by this, as what follows. */
    private boolean hasComputed;

    private boolean isHeld;
    private boolean isSuspended;

    /** What the framework asks of a device. */
    enum Call {
        ALLOCATE,
        READ,
        WRITE,
        COMPUTE,
        /** To stop the step that runs: content that is read from then on is read while the device stands still. */
        STOP
    }

    ObservedBackend(ObservedProvider provider, Backend backend) {
        this.provider = provider;
        this.backend = backend;
    }

    private void tell(Call call) {
        synchronized (calls) {
            calls.add(call);
        }
    }

    /** What was asked since the last time this was, in order. */
    List<Call> calls() {
        synchronized (calls) {
            List<Call> told = List.copyOf(calls);
            calls.clear();
            return told;
        }
    }

    /** The arrays that content was read into, in order; those of saved content are what the framework keeps. */
    List<byte[]> readInto() {
        return readInto;
    }

    /** Of each device that this was, the first and those the driver took it to, whether the first step there began in the middle of a kernel. */
    List<Boolean> arrivals() {
        return arrivals;
    }

    /** Waits until a step is held; false if that takes too long. */
    synchronized boolean awaitHeld(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!isHeld && System.nanoTime() < end) {
            wait(Math.max(1, (end - System.nanoTime()) / 1_000_000));
        }
        return isHeld;
    }

    synchronized void release() {
        notifyAll();
    }

    private synchronized void begin(long first) {
        if (!hasComputed) {
            hasComputed = true;
            arrivals.add(first > 0);
        }
        boolean interrupted = false;
        while (provider.isHolding(first) && !isSuspended) {
            isHeld = true;
            notifyAll();
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        isHeld = false;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public @Nullable Registers compute(
            Operation operation,
            List<DeviceMemory> operands,
            Scalars scalars,
            long first,
            long end,
            @Nullable Registers from,
            BooleanSupplier isStopped)
            throws DeviceFault {
        tell(Call.COMPUTE);
        begin(first);
        List<DeviceMemory> memories = operands.stream()
                .map(operand -> ((ObservedMemory) operand).memory)
                .toList();
        if (backend instanceof SuspendableBackend suspendable) {
            return suspendable.compute(operation, memories, scalars, first, end, from, isStopped);
        }
        backend.compute(operation, memories, scalars, first, end);
        return null;
    }

    @Override
    public void suspend(boolean wanted) {
        if (wanted) {
            tell(Call.STOP);
        }
        if (backend instanceof SuspendableBackend suspendable) {
            suspendable.suspend(wanted);
        }
        synchronized (this) {
            isSuspended = wanted;
            notifyAll();
        }
    }

    @Override
    public DeviceMemory allocate(long bytes) throws DeviceFault {
        tell(Call.ALLOCATE);
        return new ObservedMemory(backend.allocate(bytes));
    }

    @Override
    public boolean abort() {
        return backend.abort();
    }

    @Override
    public @Nullable String complaint() {
        return backend.complaint();
    }

    @Override
    public void moveTo(String id) throws DeviceFault {
        ((NativeBackend) backend).moveTo(id);
        synchronized (this) {
            hasComputed = false;
        }
    }

    @Override
    public void close() {
        release();
        backend.close();
    }

    private final class ObservedMemory implements DeviceMemory {
        private final DeviceMemory memory;

        ObservedMemory(DeviceMemory memory) {
            this.memory = memory;
        }

        @Override
        public long size() {
            return memory.size();
        }

        @Override
        public void write(long offset, ByteBuffer source) throws DeviceFault {
            tell(Call.WRITE);
            memory.write(offset, source);
        }

        @Override
        public void read(long offset, ByteBuffer target) throws DeviceFault {
            tell(Call.READ);
            if (target.hasArray() && target.arrayOffset() == 0) {
                readInto.add(target.array());
            }
            memory.read(offset, target);
        }

        @Override
        public void close() {
            memory.close();
        }
    }
}
