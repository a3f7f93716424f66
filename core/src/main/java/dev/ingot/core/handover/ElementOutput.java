package dev.ingot.core.handover;

import java.io.IOException;
import java.io.OutputStream;

/** A stream that takes the elements of primitive arrays from where they lie, without a copy in between. */
public abstract class ElementOutput extends OutputStream {

    /**
     * Writes memory of a primitive array as it is.
     *
     * @param array the array
     * @param offset where in it the bytes begin, header included
     * @param bytes how many
     */
    public abstract void writeElements(Object array, long offset, long bytes) throws IOException;
}
