package dev.ingot.accelerator.backend;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import java.util.List;

/**
 * An open device, as the framework drives it. Everything else that programs see (queues, timelines, safe points, capture) is made
 * of these few methods.
 *
 * <p>One thread at a time calls a backend and its memory, though not always the same one. Threads that a backend starts itself are
 * daemons, and idle unless a method is being called.
 *
 * <p>A fault with scope {@code DEVICE} or {@code PROVIDER} is final: the framework will only close the backend.
 */
public interface Backend extends AutoCloseable {

    /**
     * Allocates memory, all of it zero.
     *
     * @param bytes more than 0
     * @throws DeviceFault {@code OUT_OF_MEMORY} if there is not so much
     */
    DeviceMemory allocate(long bytes) throws DeviceFault;

    /**
     * Computes items of an operation and returns when they are done. Computing them again gives the same, as far as the operation
     * is restartable.
     *
     * @param operation one that the descriptor supports
     * @param operands made by this backend and large enough, in the order of the operation
     * @param first a multiple of the supported grain
     * @param end behind the last item; a multiple of the grain, or the end of the index space
     * @throws DeviceFault if it could not be done
     */
    void compute(Operation operation, List<DeviceMemory> operands, Scalars scalars, long first, long end)
            throws DeviceFault;

    /** Frees everything, the memory too. Does nothing the second time. */
    @Override
    void close();
}
