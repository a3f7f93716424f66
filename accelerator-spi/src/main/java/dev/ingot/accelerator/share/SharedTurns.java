package dev.ingot.accelerator.share;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.share.Ledger.Column;
import dev.ingot.accelerator.share.Ledger.Head;
import java.util.function.LongSupplier;

/**
 * Turns by start-time fair queueing. Of those who want the device, the one has it whose owner has had it least, by weight; it keeps it
 * for a slice if others want it, for as long as it likes if not. Who comes back after a rest begins where the one stands that had the device
 * last, so that nobody saves time up. Between two steps nothing that an owner has is in the device alone, so handing it over costs the
 * time until the next one looks, and until its operands are in the device again.
 *
 * <p>Who is stopped by a signal while it has the device, and asks no more, loses its turn, and is told when it has gone on: another one may
 * have computed beside the rest of its step.
 */
final class SharedTurns implements Turns {
    /** How long a turn lasts at least if there is enough to do. */
    static final long SLICE_NANOS = 100_000_000;
    /** Who has not asked for so long does not count as waiting. */
    static final long FRESH_NANOS = 100_000_000;
    /** Who has not asked for so long comes back as after a rest, though it did not say that it rests: it was stopped perhaps. */
    static final long ABSENT_NANOS = 1_000_000_000;

    private final Ledger ledger;
    private final Share share;
    private final LongSupplier clock;
    private final long owner;
    private final int row;

    /** When the turn began. */
    private long start;
    /** When the last step ended. */
    private long worked;
    /** When the holder was last seen to be alive. */
    private long seen;

    private boolean isClosed;

    private SharedTurns(Ledger ledger, Share share, LongSupplier clock, int row) {
        this.ledger = ledger;
        this.share = share;
        this.clock = clock;
        this.row = row;
        this.owner = share.hash("");
        this.seen = clock.getAsLong();
    }

    static SharedTurns join(Ledger ledger, Share share, LongSupplier clock) throws DeviceFault {
        int row = ledger.claim();
        if (row == Ledger.NOBODY) {
            throw new DeviceFault(
                    DeviceFault.Code.UNSUPPORTED,
                    DeviceFault.Scope.DEVICE,
                    "cannot share a device: " + Ledger.ROWS + " others do already");
        }
        SharedTurns turns = new SharedTurns(ledger, share, clock, row);
        for (int other = 0; other < Ledger.ROWS; other++) {
            if (turns.isOwn(other)) {
                ledger.set(row, Column.TIME, Math.max(turns.time(row), turns.time(other)));
            }
        }
        ledger.set(row, Column.OWNER, turns.owner);
        return turns;
    }

    private boolean isOwn(int other) {
        return ledger.get(other, Column.OWNER) == owner && ledger.get(other, Column.PROCESS) != 0;
    }

    private long time(int other) {
        return ledger.get(other, Column.TIME);
    }

    // ---- turns

    @Override
    public synchronized boolean take() {
        long now = clock.getAsLong();
        if (isClosed || isHolder()) {
            return !isClosed;
        }
        long wanted = ledger.get(row, Column.WANTED);
        if (wanted == 0 || now - wanted > ABSENT_NANOS) {
            ledger.set(row, Column.TIME, Math.max(time(row), ledger.get(Head.TIME)));
        }
        ledger.set(row, Column.WANTED, now);
        if (!isFree(now) || next(now) != row || !ledger.compareAndSet(Head.HOLDER, 0, row + 1L)) {
            return false;
        }
        start = now;
        return true;
    }

    private boolean isHolder() {
        return ledger.get(Head.HOLDER) == row + 1L;
    }

    private boolean isFree(long now) {
        int holder = (int) ledger.get(Head.HOLDER) - 1;
        if (holder != Ledger.NOBODY && now - seen > FRESH_NANOS) {
            seen = now;
            ledger.bury(holder);
            if (!wants(holder, now) && ledger.isStopped(holder)) {
                ledger.compareAndSet(Head.HOLDER, holder + 1L, 0);
            }
        }
        return ledger.get(Head.HOLDER) == 0;
    }

    /** Who of those who want the device is to have it. */
    private int next(long now) {
        int first = Ledger.NOBODY;
        for (int other = 0; other < Ledger.ROWS; other++) {
            if (wants(other, now) && (first == Ledger.NOBODY || isBefore(other, first))) {
                first = other;
            }
        }
        return first;
    }

    private boolean wants(int other, long now) {
        long wanted = ledger.get(other, Column.WANTED);
        return wanted != 0 && Math.abs(now - wanted) <= FRESH_NANOS;
    }

    private boolean isBefore(int one, int other) {
        long difference = time(one) - time(other);
        return difference < 0 || (difference == 0 && ledger.get(one, Column.SERVED) < ledger.get(other, Column.SERVED));
    }

    @Override
    public synchronized void worked(long nanos, Runnable beforeOthers) {
        if (isClosed) {
            return;
        }
        long now = clock.getAsLong();
        if (!isHolder()) {
            // Nobody knows how much of the time was before the turn was lost.
            count(Math.min(nanos, SLICE_NANOS));
            beforeOthers.run();
            ledger.set(row, Column.WANTED, 0);
            return;
        }
        count(nanos);
        ledger.set(row, Column.WANTED, now);
        worked = now;
        if (now - start >= SLICE_NANOS) {
            start = now;
            if (isWantedByOthers(now)) {
                beforeOthers.run();
                giveUp(now);
            }
        }
    }

    private void count(long nanos) {
        ledger.advance(Head.TIME, time(row));
        for (int other = 0; other < Ledger.ROWS; other++) {
            if (isOwn(other)) {
                ledger.add(other, Column.TIME, nanos / share.weight());
            }
        }
    }

    private boolean isWantedByOthers(long now) {
        for (int other = 0; other < Ledger.ROWS; other++) {
            if (other != row && wants(other, now)) {
                return true;
            }
        }
        return false;
    }

    private void giveUp(long now) {
        ledger.set(row, Column.SERVED, now);
        ledger.compareAndSet(Head.HOLDER, row + 1L, 0);
    }

    @Override
    public synchronized void rest() {
        if (!isClosed && ledger.get(row, Column.WANTED) != 0) {
            ledger.set(row, Column.WANTED, 0);
            giveUp(clock.getAsLong());
        }
    }

    @Override
    public synchronized boolean mayLinger() {
        long now = clock.getAsLong();
        return !isClosed && isHolder() && now - worked < SLICE_NANOS && !isWantedByOthers(now);
    }

    @Override
    public boolean isShared() {
        return true;
    }

    // ---- memory

    @Override
    public synchronized void reserve(long bytes) throws DeviceFault {
        if (isClosed) {
            throw new IllegalStateException("the device was closed");
        }
        // Counted before it is looked at, so that of two who take the last bytes at once none gets too much.
        long counted = Math.min(bytes, Long.MAX_VALUE - ledger.get(row, Column.BYTES));
        ledger.add(row, Column.BYTES, counted);
        long all = 0;
        for (int other = 0; other < Ledger.ROWS; other++) {
            if (isOwn(other) && ledger.isAlive(other)) {
                all = Ledger.sum(all, ledger.get(other, Column.BYTES));
            }
        }
        if (all > share.memoryBytes() || counted < bytes) {
            release(counted);
            throw new DeviceFault(
                    DeviceFault.Code.OUT_OF_MEMORY,
                    DeviceFault.Scope.COMMAND,
                    "cannot allocate " + bytes + " bytes: of the " + share.memoryBytes() + " that " + share.owner()
                            + " may have of the device, " + (all - counted)
                            + " are taken; free buffers, or have the share"
                            + " raised");
        }
    }

    @Override
    public synchronized void release(long bytes) {
        if (!isClosed) {
            ledger.add(row, Column.BYTES, -bytes);
        }
    }

    @Override
    public synchronized void close() {
        if (!isClosed) {
            isClosed = true;
            ledger.clear(row);
        }
    }
}
