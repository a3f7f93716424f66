package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import java.io.IOException;
import java.util.Set;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipFile;
import jdk.internal.ref.CleanerFactory;
import org.jspecify.annotations.Nullable;

/** Decompressing streams, those of entries of a zip file included. */
final class InflaterStreamCodec implements ObjectCodec<InflaterInputStream> {
    private static final String OF_ZIP_FILE = "java.util.zip.ZipFile$ZipFileInflaterInputStream";
    private static final int SKIP_BUFFER = 512;

    @Override
    public boolean accepts(Class<?> type) {
        return InflaterInputStream.class.isAssignableFrom(type);
    }

    /** After the zip files and the inflaters. */
    @Override
    public int order() {
        return RestoreOrder.USER;
    }

    @Override
    public Object[] capture(InflaterInputStream stream) {
        boolean ofZipFile = stream.getClass().getName().equals(OF_ZIP_FILE);
        return FieldState.capture(stream, ofZipFile ? Set.of("cleanable") : Set.of());
    }

    @Override
    public void restore(InflaterInputStream stream, Object[] state) throws NotRestorableException {
        FieldState.restore(stream, state);
        completeForThisJdk(stream);
        if (stream.getClass().getName().equals(OF_ZIP_FILE)) {
            try {
                returnInflaterWhenUnreachable(stream);
            } catch (IOException e) {
                throw new NotRestorableException("cannot restore the stream of a zip entry: " + e.getMessage(), e);
            }
        }
    }

    /** Earlier JDKs skip by way of a buffer that later ones do not have. */
    private static void completeForThisJdk(InflaterInputStream stream) {
        Slot skipBuffer = Slot.find(InflaterInputStream.class, "b");
        if (skipBuffer != null && skipBuffer.get(stream) == null) {
            skipBuffer.put(stream, new byte[SKIP_BUFFER]);
        }
    }

    private static void returnInflaterWhenUnreachable(InflaterInputStream stream) throws IOException {
        Class<?> type = stream.getClass();
        Object archive = Slot.of(type, "this$0").get(stream);
        Object resource = archive instanceof ZipFile zip ? ZipFileCodec.resource(zip) : null;
        if (resource == null || isClosed(type, stream)) {
            return;
        }
        Runnable action = (Runnable) JdkCall.constructor(
                        JdkClass.of("java.util.zip.ZipFile$InflaterCleanupAction"), Inflater.class, resource.getClass())
                .result(null, Slot.of(InflaterInputStream.class, "inf").get(stream), resource);
        Slot.of(type, "cleanable").put(stream, CleanerFactory.cleaner().register(stream, action));
    }

    private static boolean isClosed(Class<?> type, @Nullable Object stream) {
        return stream == null || Slot.of(type, "closeRequested").getBoolean(stream);
    }
}
