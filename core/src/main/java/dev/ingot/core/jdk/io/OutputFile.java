package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotRestorableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A regular file that a standard output stream goes to.
 *
 * <p>The new process brings its own output. Where that is the same file, what was written behind the checkpoint will be written
 * again, so the file is cut to its length at the checkpoint. A file that is shorter, or only has the same name, is left alone:
 * it was begun anew.
 *
 * @param path where it lay
 * @param file what the file system calls it, whatever its name
 * @param length in bytes at the checkpoint
 */
record OutputFile(String path, String file, long length) {
    private static final int PARTS = 3;
    private static final int MOST_OWN_BYTES = 1 << 20;

    /** The file behind a descriptor; null if that leads elsewhere or is closed. */
    static @Nullable OutputFile of(int number) throws IOException {
        Descriptor output = open(number);
        return output == null
                ? null
                : new OutputFile(
                        output.target(), identity(output), output.attributes().size());
    }

    private static @Nullable Descriptor open(int number) throws IOException {
        try {
            Descriptor output = Descriptor.of(number);
            return output.isPath() && output.attributes().isRegularFile() && !output.isUnlinked() ? output : null;
        } catch (NoSuchFileException closed) {
            return null;
        }
    }

    /** The device is left out: a file system that is mounted again may get another number. */
    private static String identity(Descriptor output) throws IOException {
        Map<String, Object> attributes = output.identity();
        return String.valueOf(attributes.get("ino"));
    }

    /** Moves what this process wrote to where the program is to go on, and returns the new length. */
    private long cut(long begun) throws IOException {
        try (FileChannel channel = FileChannel.open(Path.of(path), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer own = ByteBuffer.allocate((int) Math.min(Math.max(0, channel.size() - begun), MOST_OWN_BYTES));
            while (own.hasRemaining() && channel.read(own, begun + own.position()) > 0) {
                // Until all of it is there.
            }
            own.flip();
            channel.truncate(length);
            while (own.hasRemaining()) {
                channel.write(own, length + own.position());
            }
            return length + own.limit();
        }
    }

    Object[] toState() {
        return new Object[] {path, file, length};
    }

    static OutputFile fromState(Object state) {
        Object[] parts = (Object[]) state;
        if (parts.length != PARTS) {
            throw new IllegalArgumentException("an output has " + PARTS + " parts, not " + parts.length);
        }
        return new OutputFile((String) parts[0], (String) parts[1], (Long) parts[2]);
    }

    /** The length of the file behind a descriptor; 0 if there is none. */
    static long lengthOf(int number) throws IOException {
        Descriptor output = open(number);
        return output == null ? 0 : output.attributes().size();
    }

    /**
     * Cuts the file if it is what the descriptor leads to now.
     *
     * @param begun its length when this process began: what is behind that is of this process and stays
     */
    void rollBack(int number, long begun) throws NotRestorableException {
        try {
            Descriptor output = open(number);
            if (output == null
                    || !output.target().equals(path)
                    || !identity(output).equals(file)
                    || begun <= length) {
                return;
            }
            OpenFiles.seek(number, cut(begun));
        } catch (IOException e) {
            throw new NotRestorableException(
                    "cannot take back what was written to " + path + " after the checkpoint: " + e.getMessage(), e);
        }
    }
}
