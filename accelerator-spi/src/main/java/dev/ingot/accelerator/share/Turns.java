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
     * @param beforeOthers is run before another one may have the device, if the turn is over
     */
    void worked(long nanos, Runnable beforeOthers);

    /** Says that there is nothing to do at present, which ends the turn. */
    void rest();

    /**
     * Whether the turn may be kept for a while though there is nothing to do at present, because what the device holds would have to be
     * brought to it again. The caller asks again every millisecond or so, and {@linkplain #rest rests} if not.
     */
    boolean mayLinger();

    /** Whether others may have the device between two turns. */
    boolean isShared();

    /**
     * Takes memory.
     *
     * @throws DeviceFault {@code OUT_OF_MEMORY} if that is more than the share, or more than there is
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
     * @param share null for a device that is not shared: it has all turns, and what memory nobody else has or is guaranteed
     * @param isHosted whether a device host shares the buffers' memory with the program. Then no owner takes what another one is
     *     guaranteed, on whatever device
     * @throws DeviceFault if that is not possible on this machine; {@code OUT_OF_MEMORY} if the share's memory cannot be guaranteed
     */
    static Turns of(String device, @Nullable Share share, boolean isHosted) throws DeviceFault {
        Turns turns = share == null ? new Alone() : SharedTurns.join(Ledger.open(device), share, System::nanoTime);
        if (!isHosted) {
            return turns;
        }
        boolean complete = false;
        try {
            MemoryAccount account = MemoryAccount.open(
                    Ledger.open(MemoryAccount.NAME),
                    share == null ? 0 : share.hash(device + "\0"),
                    share == null ? 0 : share.guaranteedBytes(),
                    SharedSpace::capacity);
            complete = true;
            return new HostedTurns(turns, account);
        } finally {
            if (!complete) {
                turns.close();
            }
        }
    }
}
