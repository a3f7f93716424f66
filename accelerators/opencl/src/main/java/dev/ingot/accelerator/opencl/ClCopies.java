package dev.ingot.accelerator.opencl;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.backend.ResidentCopies;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import org.lwjgl.opencl.CL10;
import org.lwjgl.system.MemoryStack;

/** Memory of a device that is beside the host's, by the driver's handles. */
final class ClCopies implements ResidentCopies.Store {
    private final long context;
    private final long queue;

    ClCopies(long context, long queue) {
        this.context = context;
        this.queue = queue;
    }

    @Override
    public long allocate(long bytes) throws DeviceFault {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            IntBuffer error = stack.mallocInt(1);
            long handle = CL10.clCreateBuffer(context, CL10.CL_MEM_READ_WRITE, bytes, error);
            ClError.checkMemory(error.get(0), "clCreateBuffer of " + bytes + " bytes");
            return handle;
        }
    }

    @Override
    public void free(long handle) throws DeviceFault {
        ClError.check(CL10.clReleaseMemObject(handle), "clReleaseMemObject");
    }

    @Override
    public void upload(long handle, long offset, ByteBuffer source) throws DeviceFault {
        ClError.checkMemory(
                CL10.clEnqueueWriteBuffer(queue, handle, true, offset, source, null, null), "clEnqueueWriteBuffer");
    }

    @Override
    public void download(long handle, long offset, ByteBuffer target) throws DeviceFault {
        ClError.check(CL10.clEnqueueReadBuffer(queue, handle, true, offset, target, null, null), "clEnqueueReadBuffer");
    }
}
