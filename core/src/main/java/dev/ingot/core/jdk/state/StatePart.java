package dev.ingot.core.jdk.state;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import org.jspecify.annotations.Nullable;

/**
 * One kind of state that the JVM keeps for a program. What {@link #capture} names becomes part of the graph of an image, so
 * it holds only arrays, strings, boxes and the program's objects. Neither method initialises a class the program has not
 * used, nor runs code of the program.
 */
public interface StatePart {

    /** Names the part in an image. Never changes. */
    String name();

    /**
     * The state, or null if there is nothing to carry.
     *
     * @throws NotCapturableException if it cannot be part of an image
     */
    @Nullable Object capture() throws NotCapturableException;

    /**
     * Brings this JVM to {@code state}.
     *
     * @throws NotRestorableException if this JVM cannot have it
     */
    void restore(Object state) throws NotRestorableException;
}
