package dev.ingot.accelerator.cpu;

import dev.ingot.accelerator.backend.DeviceMemory;
import dev.ingot.accelerator.memory.HostMemory;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Memory on the heap, or of somebody else. */
final class CpuMemory implements DeviceMemory {
    private final long size;
    private final boolean isOwn;
    private @Nullable HostMemory memory;
    private long version;

    /** Memory that is written by nobody but this device. */
    static CpuMemory own(HostMemory memory) {
        return new CpuMemory(memory, true);
    }

    /** Memory that others may write between two calls. */
    static CpuMemory shared(HostMemory memory) {
        return new CpuMemory(memory, false);
    }

    private CpuMemory(HostMemory memory, boolean isOwn) {
        this.isOwn = isOwn;
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

    /** Whether the content is the same as long as the {@link #version} is. */
    boolean isOwn() {
        return isOwn;
    }

    long version() {
        return version;
    }

    /** Says that the content is another one. */
    void touch() {
        version++;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void write(long offset, ByteBuffer source) {
        touch();
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
