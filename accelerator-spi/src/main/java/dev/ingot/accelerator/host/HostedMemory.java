package dev.ingot.accelerator.host;

import dev.ingot.accelerator.backend.DeviceMemory;
import dev.ingot.accelerator.memory.HostMemory;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** A file that the program and its device host both map. */
final class HostedMemory implements DeviceMemory {
    private static final int BLOCK = 1 << 20;

    private final HostedBackend backend;
    private final int number;
    private final Path file;
    private final long size;
    private @Nullable HostMemory content;
    /** What the host has not been told that it was changed, if anything. */
    private long changedFrom;

    private long changedTo;

    private HostedMemory(HostedBackend backend, int number, Path file, HostMemory content) {
        this.backend = backend;
        this.number = number;
        this.file = file;
        this.size = content.size();
        this.content = content;
    }

    /**
     * New memory, zero.
     *
     * @throws IOException if there is too little room
     */
    static HostedMemory make(HostedBackend backend, SharedDirectory directory, int number, long bytes)
            throws IOException {
        Path file = directory.newFile(bytes);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new HostedMemory(backend, number, file, HostMemory.map(channel));
        }
    }

    int number() {
        return number;
    }

    Path file() {
        return file;
    }

    @Override
    public long size() {
        return size;
    }

    private HostMemory content() {
        HostMemory present = content;
        if (present == null) {
            throw new IllegalStateException("the memory was freed");
        }
        return present;
    }

    @Override
    public void write(long offset, ByteBuffer source) {
        changedFrom = changedTo == 0 ? offset : Math.min(changedFrom, offset);
        changedTo = Math.max(changedTo, offset + source.remaining());
        content().write(offset, source);
    }

    @Override
    public void read(long offset, ByteBuffer target) {
        content().read(offset, target);
    }

    /** Tells a host which memory it is, and what was changed in it since this was called last. */
    void tell(DataOutputStream host) throws IOException {
        host.writeInt(number);
        host.writeLong(changedFrom);
        host.writeLong(changedTo - changedFrom);
        changedFrom = 0;
        changedTo = 0;
    }

    void copyTo(HostedMemory target) {
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        for (long at = 0; at < size; at += block.limit()) {
            block.clear().limit((int) Math.min(BLOCK, size - at));
            read(at, block);
            target.write(at, block.flip());
        }
    }

    @Override
    public void close() {
        if (content != null) {
            backend.forget(this);
            discard();
        }
    }

    /** Frees the memory, which the host has let go or cannot use any more. */
    void discard() {
        content = null;
        SharedDirectory.release(file);
    }
}
