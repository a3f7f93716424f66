package dev.ingot.agent.checkpoint;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.function.BooleanSupplier;

/** Passes an image's bytes on until nobody wants the image any more. */
final class CancellableOutput extends FilterOutputStream {
    private final BooleanSupplier cancelled;

    CancellableOutput(OutputStream out, BooleanSupplier cancelled) {
        super(out);
        this.cancelled = cancelled;
    }

    @Override
    public void write(int value) throws IOException {
        requireWanted();
        out.write(value);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        requireWanted();
        out.write(bytes, offset, length);
    }

    private void requireWanted() throws InterruptedIOException {
        if (cancelled.getAsBoolean()) {
            throw new InterruptedIOException("the checkpoint was cancelled");
        }
    }
}
