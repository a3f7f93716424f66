package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.runtime.UnsafeMemory;

/** Native memory that the program manages itself. A resumed program that used an address in it would crash its JVM. */
public final class AllocatedMemory {
    private AllocatedMemory() {}

    /**
     * Lets an image be taken where the program has none.
     *
     * @throws NotCapturableException if it has some
     */
    public static void requireNone() throws NotCapturableException {
        Class<?> owner = UnsafeMemory.owner();
        if (owner != null) {
            throw new NotCapturableException("cannot carry the native memory that " + owner.getName()
                    + " has allocated by sun.misc.Unsafe (" + UnsafeMemory.blocks()
                    + " blocks in all): a fresh JVM has nothing at its address; let the program use direct buffers or free it before"
                    + " the checkpoint, or start it with the option native=allow if it never uses it again");
        }
    }
}
