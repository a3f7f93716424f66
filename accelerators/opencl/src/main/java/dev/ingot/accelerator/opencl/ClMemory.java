package dev.ingot.accelerator.opencl;

import dev.ingot.accelerator.backend.DeviceMemory;
import dev.ingot.accelerator.memory.HostMemory;
import java.nio.ByteBuffer;
import org.lwjgl.opencl.CL10;

/** A buffer of a driver that is memory of the host, where the device computes in it. */
final class ClMemory implements DeviceMemory {
    private final HostMemory memory;
    private final long handle;
    private boolean isClosed;

    ClMemory(HostMemory memory, long handle) {
        this.memory = memory;
        this.handle = handle;
    }

    long handle() {
        if (isClosed) {
            throw new IllegalStateException("the memory was freed");
        }
        return handle;
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
        if (!isClosed) {
            isClosed = true;
            CL10.clReleaseMemObject(handle);
        }
    }
}
