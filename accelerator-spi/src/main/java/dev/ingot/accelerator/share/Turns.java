package dev.ingot.accelerator.share;

import dev.ingot.accelerator.DeviceFault;
import org.jspecify.annotations.Nullable;

/** When an open device may compute, and how much memory it may have. Thread-safe. */
public interface Turns extends AutoCloseable {

    /**
     * Whether a step may begin now. While it may not, the caller asks again every millisecond or so, or says that it {@linkplain #rest
     * rests}.
     */
    boolean take();

    /**
     * Counts a step that was done. The turn may be over with it.
     *
     * @param nanos how long it took
     */
    void worked(long nanos);

    /** Says that there is nothing to do at present, which ends the turn. */
    void rest();

    /**
     * Takes memory.
     *
     * @throws DeviceFault {@code OUT_OF_MEMORY} if that is more than the share
     */
    void reserve(long bytes) throws DeviceFault;

    /** Gives memory back. */
    void release(long bytes);

    /** Ends the turn and gives all memory back. Does nothing the second time. */
    @Override
    void close();

    /**
     * Joins those who share a device.
     *
     * @param device its name, such as {@code cuda:0}
     * @param share null for a device that is not shared: it has all turns and all memory
     * @throws DeviceFault if that is not possible on this machine
     */
    static Turns of(String device, @Nullable Share share) throws DeviceFault {
        return share == null ? new Alone() : SharedTurns.join(Ledger.open(device), share, System::nanoTime);
    }
}
