package dev.ingot.accelerator.cuda;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.backend.ResidentCopies;
import java.nio.ByteBuffer;

/** Memory of the GPU, by its addresses. */
final class CudaMemory implements ResidentCopies.Store {
    private final CudaDriver driver;

    CudaMemory(CudaDriver driver) {
        this.driver = driver;
    }

    @Override
    public long allocate(long bytes) throws DeviceFault {
        return driver.allocate(bytes);
    }

    @Override
    public void free(long handle) throws DeviceFault {
        driver.free(handle);
    }

    @Override
    public void upload(long handle, long offset, ByteBuffer source) throws DeviceFault {
        driver.copyToDevice(handle + offset, source);
    }

    @Override
    public void download(long handle, long offset, ByteBuffer target) throws DeviceFault {
        driver.copyToHost(target, handle + offset);
    }
}
