package dev.ingot.accelerator.share;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.share.Ledger.Column;
import dev.ingot.accelerator.share.Ledger.Head;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * What an open device has of the memory in which the buffers of all device hosts lie. Each account is good for what its owner is guaranteed
 * on the device, or for what the owner has if that is more. What would raise all of them together above what there is is refused. So what is
 * guaranteed is there whatever other owners do, and what is not can be had as long as it is nobody's.
 *
 * <h2>Concurrency</h2>
 *
 * Whoever holds the ledger changes it. Who holds it for a second, perhaps because its process is stopped, holds it no more, and may go on
 * beside another one. That gives nobody too much, because each counts what it takes before it adds up what all have; but both may be
 * refused what one could have.
 */
final class MemoryAccount implements AutoCloseable {
    /** What the ledger of it is called, where others have the name of a device. */
    static final String NAME = "memory";

    private static final long PAUSE_NANOS = 50_000;
    /** So many pauses after which whoever holds the ledger may be gone. */
    private static final int LONG = 200;

    /** After so long others do not wait for whoever holds the ledger. */
    private static final long PATIENCE_NANOS = 1_000_000_000;

    private final Ledger ledger;
    private final long owner;
    private final Capacity capacity;
    private final int row;
    private boolean isClosed;

    /** How much there is for all of them, in bytes. */
    interface Capacity {
        long bytes() throws IOException;
    }

    /** What all accounts are good for, and what those of this one's owner are good for. */
    private record Standing(long all, long own) {}

    private MemoryAccount(Ledger ledger, long owner, Capacity capacity, int row) {
        this.ledger = ledger;
        this.owner = owner;
        this.capacity = capacity;
        this.row = row;
    }

    /**
     * Opens an account.
     *
     * @param owner what all openings have in common that have one account together
     * @param guaranteed in bytes; 0 if nothing is
     * @throws DeviceFault {@code OUT_OF_MEMORY} if so much cannot be guaranteed any more
     */
    static MemoryAccount open(Ledger ledger, long owner, long guaranteed, Capacity capacity) throws DeviceFault {
        int row = ledger.claim();
        if (row == Ledger.NOBODY) {
            throw new DeviceFault(
                    DeviceFault.Code.UNSUPPORTED,
                    DeviceFault.Scope.DEVICE,
                    "cannot open a device: " + Ledger.ROWS + " with device hosts are open already");
        }
        MemoryAccount account = new MemoryAccount(ledger, owner, capacity, row);
        boolean complete = false;
        try {
            account.change(
                    () -> {
                        ledger.set(row, Column.OWNER, owner);
                        ledger.set(row, Column.GUARANTEED, guaranteed);
                    },
                    () -> {},
                    "cannot guarantee " + guaranteed + " bytes for buffers",
                    "have less memory= for this share or another one, or more shared memory");
            complete = true;
            return account;
        } finally {
            if (!complete) {
                account.close();
            }
        }
    }

    /** Takes memory, or throws {@code OUT_OF_MEMORY}; never if it is within what is guaranteed. */
    synchronized void reserve(long bytes) throws DeviceFault {
        if (isClosed) {
            throw new IllegalStateException("the device was closed");
        }
        long counted = Math.min(bytes, Long.MAX_VALUE - ledger.get(row, Column.BYTES));
        change(
                () -> ledger.add(row, Column.BYTES, counted),
                () -> ledger.add(row, Column.BYTES, -counted),
                "cannot allocate " + bytes + " bytes",
                "free buffers, or have a share of the device with memory=, which others cannot take");
    }

    synchronized void release(long bytes) {
        if (!isClosed) {
            // Nobody gets too much of what is given back a little late.
            ledger.add(row, Column.BYTES, -bytes);
        }
    }

    private void change(Runnable action, Runnable undo, String what, String remedy) throws DeviceFault {
        lock();
        try {
            Standing before = standing();
            action.run();
            Standing after = standing();
            long room = capacity.bytes();
            if (after.own > before.own && after.all > room) {
                undo.run();
                throw new DeviceFault(
                        DeviceFault.Code.OUT_OF_MEMORY,
                        DeviceFault.Scope.COMMAND,
                        what + ": of the " + room + " bytes that device hosts of this user have to share memory ("
                                + SharedSpace.root() + "), " + before.all + " are taken or guaranteed to owners; "
                                + remedy);
            }
        } catch (IOException unknown) {
            undo.run();
            throw Ledger.unshareable("memory", unknown);
        } finally {
            ledger.compareAndSet(Head.HOLDER, row + 1L, 0);
        }
    }

    private void lock() {
        long holder = 0;
        long since = System.nanoTime();
        for (int tries = 1; ; tries++) {
            long present = ledger.get(Head.HOLDER);
            long now = System.nanoTime();
            if (present != holder) {
                holder = present;
                since = now;
            }
            boolean isFree = present == 0 || now - since > PATIENCE_NANOS;
            if (isFree && ledger.compareAndSet(Head.HOLDER, present, row + 1L)) {
                return;
            }
            if (present != 0 && tries % LONG == 0) {
                ledger.bury((int) present - 1);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private Standing standing() {
        Map<Long, Long> taken = new HashMap<>();
        Map<Long, Long> guaranteed = new HashMap<>();
        for (int other = 0; other < Ledger.ROWS; other++) {
            ledger.bury(other);
            if (ledger.isTaken(other)) {
                long whose = ledger.get(other, Column.OWNER);
                taken.merge(whose, ledger.get(other, Column.BYTES), Ledger::sum);
                guaranteed.merge(whose, ledger.get(other, Column.GUARANTEED), Math::max);
            }
        }
        long all = 0;
        long own = 0;
        for (Map.Entry<Long, Long> each : taken.entrySet()) {
            long good = Math.max(each.getValue(), guaranteed.getOrDefault(each.getKey(), 0L));
            all = Ledger.sum(all, good);
            own = each.getKey() == owner ? good : own;
        }
        return new Standing(all, own);
    }

    /** Gives all of it back. Does nothing the second time. */
    @Override
    public synchronized void close() {
        if (!isClosed) {
            isClosed = true;
            ledger.clear(row);
        }
    }
}
