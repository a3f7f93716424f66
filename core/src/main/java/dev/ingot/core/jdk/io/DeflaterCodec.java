package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.Slot;
import java.io.IOException;
import java.util.Set;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/** Compressors, also in the middle of a stream. */
final class DeflaterCodec implements ObjectCodec<Deflater> {
    @Override
    public boolean accepts(Class<?> type) {
        return Deflater.class.isAssignableFrom(type);
    }

    @Override
    public Class<?> stateOf() {
        return Deflater.class;
    }

    @Override
    public Object[] capture(Deflater deflater) throws NotCapturableException {
        Object[] fields = FieldState.capture(deflater, Deflater.class, Set.of("zsRef"));
        long address = ZlibObjects.address(deflater);
        if (address == 0) {
            return new @Nullable Object[] {fields, null, null};
        }
        if (!DeflateState.isKnown() || !DeflateState.looksValid(address)) {
            throw new NotCapturableException("cannot carry a Deflater that has read " + deflater.getBytesRead()
                    + " bytes: the zlib library of this JVM keeps its state in a way Ingot does not know; end it before the"
                    + " checkpoint, or run a JDK with zlib 1.2.12 to 1.3.1");
        }
        Object[] stream = DeflateState.isBlank(address) ? null : DeflateState.capture(address);
        return new @Nullable Object[] {fields, DeflateState.isRaw(address), stream};
    }

    @Override
    public void restore(Deflater deflater, Object[] state) throws NotRestorableException {
        try {
            FieldState.restore(deflater, state[0]);
            boolean ended = state[1] == null;
            boolean raw = ended || (Boolean) state[1];
            long address = ZlibObjects.begin(
                    deflater,
                    Slot.of(Deflater.class, "level").getInt(deflater),
                    Slot.of(Deflater.class, "strategy").getInt(deflater),
                    raw);
            if (ended) {
                deflater.end();
            } else if (state[2] != null && DeflateState.isKnown()) {
                DeflateState.restore(address, state[2]);
            } else if (state[2] != null) {
                throw new IOException("the zlib library of this JVM keeps its state in a way Ingot does not know");
            }
        } catch (IOException e) {
            throw new NotRestorableException(
                    "cannot restore a Deflater: " + e.getMessage() + "; resume with a JDK with zlib 1.2.12 to 1.3.1",
                    e);
        }
    }
}
