package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectResolver;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Parts;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code jrt:} file systems know of a file or directory of the JDK, which attributes of files hold and compilers keep. It is found by name
 * among the classes of the JDK that resumes, which all these file systems share.
 */
final class RuntimeFileResolver implements ObjectResolver<Object> {
    private static final String NODE = "jdk.internal.jimage.ImageReader$";
    private static final Set<String> TYPES = Set.of(NODE + "Resource", NODE + "Directory", NODE + "LinkNode");

    @Override
    public boolean accepts(Class<?> type) {
        return TYPES.contains(type.getName()) && type.getClassLoader() == null;
    }

    @Override
    public @Nullable Object[] describe(Object node) throws NotCapturableException {
        return new @Nullable Object[] {Files.NAME.call(node)};
    }

    @Override
    public Object resolve(Class<?> type, @Nullable Object[] description) throws NotRestorableException {
        String name = new Parts("file of the JDK", description).get(0, String.class);
        try {
            Object node = Files.FIND.call(Files.image(), name);
            if (type.isInstance(node)) {
                return node;
            }
        } catch (IOException e) {
            throw new NotRestorableException("cannot open the classes of this JDK: " + e.getMessage(), e);
        }
        throw new NotRestorableException(
                "cannot find " + name
                        + ", of which the program keeps the attributes, in this JDK; resume on the JDK version the image was taken on");
    }

    /** Looked up when the first file is met. */
    private static final class Files {
        static final HiddenMethod NAME = HiddenMethod.of(JdkClass.of(NODE + "Node"), "getName");
        static final JdkCall FIND = JdkCall.of(RuntimeFileSystemCodec.imageClass(), "findNode", String.class);

        private static @Nullable Object image;

        /** Stays open: what it finds belongs to the program from then on. */
        static synchronized Object image() throws IOException {
            if (image == null) {
                image = RuntimeFileSystemCodec.openImage();
            }
            return image;
        }
    }
}
