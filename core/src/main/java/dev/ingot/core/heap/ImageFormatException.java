package dev.ingot.core.heap;

import java.io.IOException;

/** Bytes that are not a heap stream. The message says what was read and the offset of the part it was read from. */
public final class ImageFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    private final long offset;

    ImageFormatException(String problem, long offset) {
        super("heap stream is damaged near offset " + offset + ": " + problem);
        this.offset = offset;
    }

    /** Bytes from the start of the stream to the damaged record. */
    public long offset() {
        return offset;
    }
}
