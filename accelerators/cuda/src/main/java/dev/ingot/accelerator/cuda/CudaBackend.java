package dev.ingot.accelerator.cuda;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.backend.DeviceMemory;
import dev.ingot.accelerator.backend.NativeBackend;
import dev.ingot.accelerator.backend.ResidentBackend;
import dev.ingot.accelerator.backend.ResidentCopies;
import dev.ingot.accelerator.backend.SharingBackend;
import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.ElementType;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalar;
import dev.ingot.accelerator.operation.Scalars;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * An open GPU. Operands are copied to it when a kernel needs them and stay there, and what was written is copied back. Its memory and its compiled kernels can go
 * over to another GPU by the driver's own checkpoint.
 */
final class CudaBackend implements SharingBackend, NativeBackend, ResidentBackend {
    private static final int THREADS = 128;
    private static final int SLOT = Long.BYTES;

    private final CudaDriver driver;
    private final int device;
    private final CudaKernels kernels;
    private final ResidentCopies copies;
    /** By the numbers that the devices had when this was opened. */
    private final List<ByteBuffer> identities = new ArrayList<>();

    private int ordinal;
    private boolean isClosed;

    CudaBackend(CudaDriver driver, CudaCompiler compiler, int ordinal) throws DeviceFault {
        this.driver = driver;
        this.ordinal = ordinal;
        this.device = driver.device(ordinal);
        if (driver.checkpoint().isPossible()) {
            for (int i = 0; i < driver.devices(); i++) {
                identities.add(driver.identity(driver.device(i)));
            }
        }
        driver.use(device);
        this.copies = new ResidentCopies(new CudaMemory(driver));
        this.kernels = new CudaKernels(driver, compiler, driver.architecture(device));
    }

    @Override
    public DeviceMemory allocate(long bytes) throws DeviceFault {
        throw new DeviceFault(
                DeviceFault.Code.UNSUPPORTED,
                DeviceFault.Scope.COMMAND,
                "CUDA is driven from a device host, which shares memory");
    }

    @Override
    public DeviceMemory share(HostMemory memory) throws DeviceFault {
        return copies.share(memory);
    }

    @Override
    public boolean isResident() {
        return !copies.isEmpty();
    }

    @Override
    public long transferNanos() {
        return copies.transferNanos();
    }

    @Override
    public void evict() throws DeviceFault {
        copies.evict();
    }

    /** The process sees its device under the number it opened it by, whichever that is behind it. */
    @Override
    public void moveTo(String id) throws DeviceFault {
        int next = CudaProvider.ordinal(id, identities.size());
        driver.synchronize();
        driver.checkpoint().exchange(identities, identities.get(ordinal), identities.get(next));
        ordinal = next;
    }

    @Override
    public void compute(Operation operation, List<DeviceMemory> operands, Scalars scalars, long first, long end)
            throws DeviceFault {
        long function = kernels.function(operation);
        long[] addresses = copies.begin(operation, operands);
        // A kernel does not know where its range ends, so no thread may be too many: what is left after whole blocks is
        // one of its own.
        long from = first;
        while (end - from >= THREADS) {
            int blocks = (int) Math.min(Integer.MAX_VALUE, (end - from) / THREADS);
            launch(function, operation, addresses, scalars, from, blocks, THREADS);
            from += (long) blocks * THREADS;
        }
        if (from < end) {
            launch(function, operation, addresses, scalars, from, 1, (int) (end - from));
        }
        driver.synchronize();
        copies.end(operation, operands);
    }

    private void launch(
            long function, Operation operation, long[] addresses, Scalars scalars, long first, int blocks, int threads)
            throws DeviceFault {
        int count = addresses.length + operation.scalars().size() + 1;
        ByteBuffer values = ByteBuffer.allocateDirect(SLOT * count).order(ByteOrder.nativeOrder());
        for (long address : addresses) {
            values.putLong(address);
        }
        for (Scalar scalar : operation.scalars()) {
            if (scalar.type() == ElementType.F32) {
                values.putFloat(values.position(), scalars.real(scalar.name()));
                values.position(values.position() + SLOT);
            } else {
                values.putLong(scalars.integer(scalar.name()));
            }
        }
        values.putLong(first);
        long address = ForeignLibrary.address(values.clear());
        ByteBuffer pointers = ByteBuffer.allocateDirect(SLOT * count).order(ByteOrder.nativeOrder());
        for (int i = 0; i < count; i++) {
            pointers.putLong(SLOT * i, address + (long) SLOT * i);
        }
        try {
            driver.launch(function, blocks, threads, pointers);
        } finally {
            Reference.reachabilityFence(values);
        }
    }

    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        try {
            driver.release(device);
        } catch (DeviceFault lost) {
            // Then there is nothing to give back.
        }
    }
}
