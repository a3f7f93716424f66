package dev.ingot.accelerator.backend;

import dev.ingot.accelerator.DeviceFault;
import java.nio.ByteBuffer;

/**
 * Memory of a device, from the host's side. Its content is seen in the canonical form: little-endian, row by row, whatever the
 * device does inside. Called like the {@link Backend} it belongs to.
 */
public interface DeviceMemory extends AutoCloseable {

    /** In bytes. */
    long size();

    /**
     * Copies what remains of {@code source}, which may be any kind of buffer, to {@code offset} and on.
     *
     * @throws DeviceFault if it could not be done
     */
    void write(long offset, ByteBuffer source) throws DeviceFault;

    /**
     * Fills what remains of {@code target}, which may be any kind of buffer, from {@code offset} on.
     *
     * @throws DeviceFault if it could not be done
     */
    void read(long offset, ByteBuffer target) throws DeviceFault;

    /** Frees it. Does nothing the second time. */
    @Override
    void close();
}
