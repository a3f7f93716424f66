package dev.ingot.accelerator.share;

import dev.ingot.accelerator.DeviceFault;

/** The turns of a device with a device host, whose buffers lie in memory that all such devices share. */
final class HostedTurns implements Turns {
    private final Turns turns;
    private final MemoryAccount account;

    HostedTurns(Turns turns, MemoryAccount account) {
        this.turns = turns;
        this.account = account;
    }

    @Override
    public boolean take() {
        return turns.take();
    }

    @Override
    public void worked(long nanos, Runnable beforeOthers) {
        turns.worked(nanos, beforeOthers);
    }

    @Override
    public void rest() {
        turns.rest();
    }

    @Override
    public boolean mayLinger() {
        return turns.mayLinger();
    }

    @Override
    public boolean isShared() {
        return turns.isShared();
    }

    @Override
    public void reserve(long bytes) throws DeviceFault {
        turns.reserve(bytes);
        boolean complete = false;
        try {
            account.reserve(bytes);
            complete = true;
        } finally {
            if (!complete) {
                turns.release(bytes);
            }
        }
    }

    @Override
    public void release(long bytes) {
        account.release(bytes);
        turns.release(bytes);
    }

    @Override
    public void close() {
        account.close();
        turns.close();
    }
}
