package dev.ingot.api;

import dev.ingot.runtime.Regions;

/** A region that the agent knows of. Confined to the thread that opens it. */
final class ThreadRegion implements Region {
    private final Thread owner = Thread.currentThread();
    private final String reason;
    private boolean open = true;

    ThreadRegion(String reason) {
        this.reason = reason;
        Regions.enter(reason);
    }

    @Override
    public void close() {
        if (Thread.currentThread() != owner) {
            throw new IllegalStateException("the region '" + reason + "' was opened by thread " + owner.getName()
                    + " and cannot be closed by thread "
                    + Thread.currentThread().getName());
        }
        if (open) {
            open = false;
            Regions.leave();
        }
    }
}
