package dev.ingot.accelerator.opencl;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.backend.DeviceMemory;
import dev.ingot.accelerator.memory.HostMemory;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import org.jspecify.annotations.Nullable;
import org.lwjgl.PointerBuffer;
import org.lwjgl.opencl.CL10;
import org.lwjgl.system.MemoryStack;

/**
 * A buffer of a driver over memory of the host. While no kernel uses it, it is mapped, so that its content is to be found there; a
 * device that computes in the host's memory needs no mapping.
 */
final class ClMemory implements DeviceMemory {
    private final ClBackend backend;
    private final HostMemory memory;
    private final long handle;
    private @Nullable ByteBuffer mapping;
    private boolean isClosed;

    ClMemory(ClBackend backend, HostMemory memory, long handle) throws DeviceFault {
        this.backend = backend;
        this.memory = memory;
        this.handle = handle;
        giveToHost(true);
    }

    long handle() {
        if (isClosed) {
            throw new IllegalStateException("the memory was freed");
        }
        return handle;
    }

    /** Before a kernel. */
    void giveToDevice() throws DeviceFault {
        ByteBuffer mapped = mapping;
        if (mapped != null) {
            mapping = null;
            ClError.check(
                    CL10.clEnqueueUnmapMemObject(backend.queue(), handle, mapped, null, null),
                    "clEnqueueUnmapMemObject");
        }
    }

    /** After a kernel. */
    void giveToHost(boolean waits) throws DeviceFault {
        if (backend.isCoherent()) {
            return;
        }
        try (MemoryStack stack = MemoryStack.stackPush()) {
            IntBuffer error = stack.mallocInt(1);
            mapping = CL10.clEnqueueMapBuffer(
                    backend.queue(),
                    handle,
                    waits,
                    CL10.CL_MAP_READ | CL10.CL_MAP_WRITE,
                    0,
                    memory.size(),
                    (PointerBuffer) null,
                    null,
                    error,
                    null);
            ClError.check(error.get(0), "clEnqueueMapBuffer");
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
        if (!isClosed) {
            isClosed = true;
            CL10.clReleaseMemObject(handle);
        }
    }
}
