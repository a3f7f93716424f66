package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import java.io.IOException;
import java.util.Set;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/** Decompressors, also in the middle of a stream. */
final class InflaterCodec implements ObjectCodec<Inflater> {
    @Override
    public boolean accepts(Class<?> type) {
        return Inflater.class.isAssignableFrom(type);
    }

    @Override
    public Class<?> stateOf() {
        return Inflater.class;
    }

    @Override
    public Object[] capture(Inflater inflater) throws NotCapturableException {
        Object[] fields = FieldState.capture(inflater, Inflater.class, Set.of("zsRef"));
        long address = ZlibObjects.address(inflater);
        if (address == 0) {
            return new @Nullable Object[] {fields, null, null};
        }
        if (!InflateState.isKnown() || !InflateState.looksValid(address)) {
            throw new NotCapturableException("cannot carry an Inflater that has read " + inflater.getBytesRead()
                    + " bytes: the zlib library of this JVM keeps its state in a way Ingot does not know; end it before the"
                    + " checkpoint, or run a JDK with zlib 1.2.12 to 1.3.1");
        }
        Object[] stream = InflateState.isBlank(address) ? null : InflateState.capture(address);
        return new @Nullable Object[] {fields, InflateState.isRaw(address), stream};
    }

    @Override
    public void restore(Inflater inflater, Object[] state) throws NotRestorableException {
        try {
            FieldState.restore(inflater, state[0]);
            if (state[1] == null) {
                ZlibObjects.begin(inflater, true);
                inflater.end();
                return;
            }
            long address = ZlibObjects.begin(inflater, (Boolean) state[1]);
            if (state[2] == null) {
                return;
            }
            if (!InflateState.isKnown()) {
                throw new IOException("the zlib library of this JVM keeps its state in a way Ingot does not know");
            }
            InflateState.restore(address, state[2]);
        } catch (IOException e) {
            throw new NotRestorableException(
                    "cannot restore an Inflater: " + e.getMessage() + "; resume with a JDK with zlib 1.2.12 to 1.3.1",
                    e);
        }
    }
}
