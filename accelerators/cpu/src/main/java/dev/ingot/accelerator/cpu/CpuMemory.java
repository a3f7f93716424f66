package dev.ingot.accelerator.cpu;

import dev.ingot.accelerator.backend.DeviceMemory;
import dev.ingot.accelerator.memory.HostMemory;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Memory on the heap. */
final class CpuMemory implements DeviceMemory {
    private final long size;
    private @Nullable HostMemory memory;

    CpuMemory(HostMemory memory) {
        this.size = memory.size();
        this.memory = memory;
    }

    HostMemory memory() {
        HostMemory present = memory;
        if (present == null) {
            throw new IllegalStateException("the memory was freed");
        }
        return present;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void write(long offset, ByteBuffer source) {
        memory().write(offset, source);
    }

    @Override
    public void read(long offset, ByteBuffer target) {
        memory().read(offset, target);
    }

    @Override
    public void close() {
        memory = null;
    }
}
