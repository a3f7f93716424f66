package dev.ingot.core.heap;

import org.jspecify.annotations.Nullable;

/** An object that could not be made when its shape was read, because its class or something else was not there yet. */
record Pending(int id, int hash, Maker maker) {

    /** Makes the object, or returns null if that is still not possible. */
    interface Maker {
        @Nullable Object make() throws NotRestorableException;
    }
}
