package dev.ingot.core.heap;

/** Of tests whose images do not name all classes that were initialised. */
public final class AnyClass implements RestoreListener {
    @Override
    public boolean initializesItself(Class<?> type) {
        return true;
    }
}
