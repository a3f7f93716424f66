package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.util.Set;

/**
 * The {@code jrt:} file systems, in which the classes of the JDK lie. Their contents are those of the JDK that resumes. Those of
 * another JDK are read by classes of a loader of their own, and are objects like any other.
 */
final class RuntimeFileSystemCodec implements ObjectCodec<FileSystem> {
    private static final String PACKAGE = "jdk.internal.jrtfs.";
    private static final String PROVIDER = PACKAGE + "JrtFileSystemProvider";
    private static final String IMAGE = "image";
    private static final String SHARED = "theFileSystem";

    @Override
    public boolean accepts(Class<?> type) {
        return JdkClass.isJdk(type) && type.getName().equals(PACKAGE + "JrtFileSystem");
    }

    @Override
    public Object[] capture(FileSystem system) {
        boolean shared = Slot.of(PROVIDER, SHARED).get(system.provider()) == system;
        return new Object[] {FieldState.capture(system, Set.of(IMAGE)), shared};
    }

    @Override
    public void restore(FileSystem system, Object[] state) throws NotRestorableException {
        FieldState.restore(system, state[0]);
        if (!system.isOpen()) {
            return;
        }
        try {
            Slot.of(system.getClass(), IMAGE).put(system, openImage());
        } catch (IOException e) {
            throw new NotRestorableException("cannot open the classes of this JDK: " + e.getMessage(), e);
        }
        if ((Boolean) state[1]) {
            Slot.of(PROVIDER, SHARED).put(system.provider(), system);
        }
    }

    /** Opens the classes of this JDK, as one of its file systems does. */
    static Object openImage() throws IOException {
        return JdkCall.of(imageClass(), "open").result(null);
    }

    static Class<?> imageClass() {
        return JdkClass.of(PACKAGE + "SystemImage");
    }
}
