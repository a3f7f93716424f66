package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.runtime.Listings;
import java.io.IOException;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Listings of directories, in the middle too: the names that are left are carried, and the directory is opened again. */
final class DirectoryStreamCodec implements ObjectCodec<Object> {
    private static final String PLAIN = "sun.nio.fs.UnixDirectoryStream";
    private static final String SECURE = "sun.nio.fs.UnixSecureDirectoryStream";
    private static final String DISPATCHER = "sun.nio.fs.UnixNativeDispatcher";
    private static final String LISTING = "dp";
    private static final String DESCRIPTOR = "dfd";
    private static final int READ_ONLY = 0;

    private static final int FIELDS = 0;
    private static final int DIRECTORY = 1;
    private static final int REST = 2;

    @Override
    public boolean accepts(Class<?> type) {
        return type.getClassLoader() == null
                && (type.getName().equals(PLAIN) || type.getName().equals(SECURE));
    }

    @Override
    public @Nullable Object[] capture(Object stream) throws NotCapturableException {
        Object[] fields = FieldState.capture(stream, Set.of(LISTING, DESCRIPTOR));
        Object plain = isPlain(stream)
                ? stream
                : Objects.requireNonNull(Slot.of(stream.getClass(), "ds").get(stream));
        Object directory = Slot.of(PLAIN, "dir").get(plain);
        if (Slot.of(PLAIN, "isClosed").getBoolean(plain)) {
            return new @Nullable Object[] {fields, null, null};
        }
        try {
            byte[][] rest =
                    plain == stream ? Listings.rest(Slot.of(PLAIN, LISTING).getLong(stream)) : null;
            return new @Nullable Object[] {fields, directory, rest};
        } catch (RuntimeException failure) {
            throw new NotCapturableException("cannot read what is left of the listing of " + directory, failure);
        }
    }

    @Override
    public void restore(Object stream, @Nullable Object[] state) throws NotRestorableException {
        FieldState.restore(stream, Objects.requireNonNull(state[FIELDS]));
        Object directory = state[DIRECTORY];
        if (directory == null) {
            return;
        }
        try {
            open(stream, directory, (byte[][]) state[REST]);
        } catch (IOException failure) {
            throw new NotRestorableException(
                    "cannot go on with the listing of " + directory + ": " + failure.getMessage()
                            + "; put the directory back",
                    failure);
        }
    }

    private static void open(Object stream, Object directory, byte @Nullable [][] rest) throws IOException {
        Class<?> dispatcher = JdkClass.of(DISPATCHER);
        Class<?> path = JdkClass.of("sun.nio.fs.UnixPath");
        if (rest == null) {
            Object descriptor =
                    JdkCall.of(dispatcher, "open", path, int.class, int.class).result(null, directory, READ_ONLY, 0);
            Slot.of(stream.getClass(), DESCRIPTOR).put(stream, descriptor);
        } else {
            Object listing = JdkCall.of(dispatcher, "opendir", path).result(null, directory);
            Listings.goOn((Long) listing, rest);
            Slot.of(stream.getClass(), LISTING).put(stream, listing);
        }
    }

    @Override
    public int order() {
        return RestoreOrder.CHANNEL;
    }

    private static boolean isPlain(Object stream) {
        return stream.getClass().getName().equals(PLAIN);
    }
}
