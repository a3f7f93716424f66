package dev.ingot.accelerator.share;

/** The turns of a device that is not shared. */
final class Alone implements Turns {
    @Override
    public boolean take() {
        return true;
    }

    @Override
    public void worked(long nanos, Runnable beforeOthers) {}

    @Override
    public void rest() {}

    @Override
    public boolean mayLinger() {
        return true;
    }

    @Override
    public boolean isShared() {
        return false;
    }

    @Override
    public void reserve(long bytes) {}

    @Override
    public void release(long bytes) {}

    @Override
    public void close() {}
}
