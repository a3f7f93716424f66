package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.Slot;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** File streams and random access files: their fields as they are; the descriptor they share is another codec's matter. */
final class FileStreamCodec implements ObjectCodec<Closeable> {
    private static final int LONGEST_PRIMITIVE = 8;

    @Override
    public boolean accepts(Class<?> type) {
        return FileInputStream.class.isAssignableFrom(type)
                || FileOutputStream.class.isAssignableFrom(type)
                || RandomAccessFile.class.isAssignableFrom(type);
    }

    @Override
    public Object[] capture(Closeable stream) {
        return FieldState.capture(stream, Set.of());
    }

    @Override
    public void restore(Closeable stream, Object[] state) {
        FieldState.restore(stream, state);
        completeForThisJdk(stream);
        attachToStandard(stream);
    }

    /** Later JDKs read primitives through a buffer of the file's own, which an image of an earlier one does not have. */
    private static void completeForThisJdk(Closeable stream) {
        Slot buffer = stream instanceof RandomAccessFile ? Slot.find(RandomAccessFile.class, "buffer") : null;
        if (buffer != null && buffer.get(stream) == null) {
            buffer.put(stream, new byte[LONGEST_PRIMITIVE]);
        }
    }

    /** The descriptors of the new process know nothing of the image's streams; closing one must close the others. */
    private static void attachToStandard(Closeable stream) {
        Object descriptor = descriptorOf(stream);
        if (descriptor == FileDescriptor.in || descriptor == FileDescriptor.out || descriptor == FileDescriptor.err) {
            try {
                JdkCall.of(FileDescriptor.class, "attach", Closeable.class).call(descriptor, stream);
            } catch (IOException e) {
                throw new IllegalStateException("FileDescriptor.attach does no input or output", e);
            }
        }
    }

    private static @Nullable Object descriptorOf(Closeable stream) {
        Class<?> holder = stream instanceof FileInputStream
                ? FileInputStream.class
                : stream instanceof FileOutputStream ? FileOutputStream.class : RandomAccessFile.class;
        return Slot.of(holder, "fd").get(stream);
    }
}
