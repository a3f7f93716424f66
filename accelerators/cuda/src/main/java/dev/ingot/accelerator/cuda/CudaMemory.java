package dev.ingot.accelerator.cuda;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.backend.DeviceMemory;
import dev.ingot.accelerator.memory.HostMemory;
import java.nio.ByteBuffer;

/** Memory of the GPU and the host's memory that it stands for. Between two kernels the content is the host's. */
final class CudaMemory implements DeviceMemory {
    private final CudaDriver driver;
    private final HostMemory memory;
    private final long pointer;
    private boolean isClosed;

    CudaMemory(CudaDriver driver, HostMemory memory) throws DeviceFault {
        this.driver = driver;
        this.memory = memory;
        this.pointer = driver.allocate(memory.size());
    }

    long pointer() {
        if (isClosed) {
            throw new IllegalStateException("the memory was freed");
        }
        return pointer;
    }

    void toDevice() throws DeviceFault {
        long at = pointer();
        for (ByteBuffer segment : memory.segments()) {
            driver.copyToDevice(at, segment);
            at += segment.capacity();
        }
    }

    void toHost() throws DeviceFault {
        long at = pointer();
        for (ByteBuffer segment : memory.segments()) {
            driver.copyToHost(segment, at);
            at += segment.capacity();
        }
    }

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
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        try {
            driver.free(pointer);
        } catch (DeviceFault lost) {
            // Then all of its memory is gone.
        }
    }
}
