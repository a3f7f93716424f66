package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Describes open files at a checkpoint, and at a resume brings them back to what they were then.
 *
 * <p>Overview. Output that a program wrote after its checkpoint will be written again after the resume, so it must go first
 * ("output commit"). A file only ever written at its end is cut to its length at the checkpoint. A file written at random is
 * given back its bytes, which the image carries up to a limit; beyond the limit it must not have been modified. A file that
 * is only read must be the same file still, by length and modification time.
 */
final class OpenFiles {
    private final FilePolicy policy;

    OpenFiles(FilePolicy policy) {
        this.policy = policy;
    }

    // ---- checkpoint ----

    /**
     * Describes the file behind a descriptor.
     *
     * @param appending whether what writes to it cannot seek
     */
    OpenFile describe(Descriptor descriptor, boolean appending) throws IOException, NotCapturableException {
        boolean reads = !FileAccess.of(descriptor.flags()).writes();
        return describe(descriptor, appending, reads && isWrittenHere(descriptor.target()));
    }

    /** Describes a file of which many may be open and none is written by the program that reads it, such as a jar. */
    OpenFile describeArchive(Descriptor descriptor) throws IOException, NotCapturableException {
        return describe(descriptor, false, false);
    }

    private OpenFile describe(Descriptor descriptor, boolean appending, boolean written)
            throws IOException, NotCapturableException {
        boolean writes = FileAccess.of(descriptor.flags()).writes();
        boolean atEnd = appending || FileAccess.appends(descriptor.flags());
        boolean unlinked = descriptor.isUnlinked();
        BasicFileAttributes attributes = descriptor.attributes();
        OpenFile.Kind kind = kind(descriptor, attributes);
        boolean carried = kind == OpenFile.Kind.REGULAR && (unlinked || (writes && !atEnd));
        return new OpenFile(
                pathOf(descriptor, unlinked),
                kind,
                FileAccess.names(descriptor.flags()),
                descriptor.position(),
                attributes.size(),
                OpenFile.nanoseconds(attributes.lastModifiedTime()),
                unlinked,
                writes && atEnd,
                written,
                carried ? content(descriptor, attributes.size(), unlinked) : null);
    }

    static String pathOf(Descriptor descriptor, boolean unlinked) {
        String suffix = " (deleted)";
        String target = descriptor.target();
        return unlinked && target.endsWith(suffix) ? target.substring(0, target.length() - suffix.length()) : target;
    }

    private static OpenFile.Kind kind(Descriptor descriptor, BasicFileAttributes attributes)
            throws IOException, NotCapturableException {
        if (attributes.isRegularFile()) {
            return OpenFile.Kind.REGULAR;
        }
        if (attributes.isDirectory()) {
            return OpenFile.Kind.DIRECTORY;
        }
        int mode = (Integer) Files.getAttribute(descriptor.self(), "unix:mode");
        if ((mode & 0170000) == 0020000) {
            return OpenFile.Kind.DEVICE;
        }
        throw new NotCapturableException("cannot carry descriptor " + descriptor.number() + ": " + descriptor.target()
                + " is neither a file, a directory nor a character device (mode 0" + Integer.toOctalString(mode)
                + "), so what it holds cannot be had again; close it before the checkpoint");
    }

    /** Whether this process can write to the file, through any descriptor or mapping. */
    static boolean isWrittenHere(String path) throws IOException {
        return Descriptor.isOpenForWriting(path) || MemoryMap.isSharedWritable(path);
    }

    private @Nullable FileContent content(Descriptor descriptor, long length, boolean unlinked)
            throws IOException, NotCapturableException {
        if (length <= policy.carriedBytes()) {
            return FileContent.of(descriptor.self());
        }
        if (unlinked) {
            throw new NotCapturableException(
                    "cannot carry " + descriptor.target() + ": it is deleted but still open and its " + length
                            + " bytes are over the limit of " + policy.carriedBytes() + " for files kept in the image");
        }
        return null;
    }

    // ---- resume ----

    /**
     * Brings the file back to its state at the checkpoint and opens it as it was open, at its position.
     *
     * @return the new descriptor
     * @throws NotRestorableException if the file is missing or not what it was
     */
    int reopen(OpenFile file) throws NotRestorableException {
        try {
            int number = file.unlinked() ? openUnlinked(file) : openInPlace(file);
            if (file.kind() == OpenFile.Kind.REGULAR && file.position() != 0) {
                seek(number, file.position());
            }
            return number;
        } catch (IOException e) {
            throw new NotRestorableException(
                    "cannot reopen " + file.path() + " (" + file.flags() + "): " + e.getMessage(), e);
        }
    }

    private int openInPlace(OpenFile file) throws IOException, NotRestorableException {
        if (file.kind() == OpenFile.Kind.REGULAR) {
            rollBack(file);
        }
        return open(file.path(), file.flags());
    }

    private static int openUnlinked(OpenFile file) throws IOException {
        Path stand = Files.createTempFile("ingot-unlinked-", null);
        try {
            contentOf(file).writeTo(stand);
            return open(stand.toString(), file.flags());
        } finally {
            Files.delete(stand);
        }
    }

    static FileContent contentOf(OpenFile file) {
        FileContent content = file.content();
        if (content == null) {
            throw new IllegalArgumentException("the image holds no content of deleted file " + file.path());
        }
        return content;
    }

    /** Makes the file what it was at the checkpoint, without opening it for the program. */
    void rollBack(OpenFile file) throws IOException, NotRestorableException {
        Path path = Path.of(file.path());
        FileContent content = file.content();
        if (content != null) {
            rewrite(path, content, file);
            return;
        }
        BasicFileAttributes now = attributes(path, file);
        if (file.appending()) {
            cut(path, now.size(), file);
        } else if (file.written()) {
            requireAtLeast(path, now.size(), file.length());
        } else if (file.writes() || !policy.acceptChanged()) {
            requireUnchanged(path, now, file);
        }
    }

    static BasicFileAttributes attributes(Path path, OpenFile file) throws IOException, NotRestorableException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            throw new NotRestorableException(
                    "cannot reopen " + path + ": it is missing, and was " + file.length()
                            + " bytes long at the checkpoint; put it back and resume again",
                    e);
        }
    }

    private static void rewrite(Path path, FileContent content, OpenFile file) throws IOException {
        if (!content.isIn(path)) {
            content.writeTo(path);
            Files.setLastModifiedTime(path, file.modificationTime());
        }
    }

    void cut(Path path, long size, OpenFile file) throws IOException, NotRestorableException {
        requireAtLeast(path, size, file.length());
        if (size > file.length()) {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                channel.truncate(file.length());
            }
            Files.setLastModifiedTime(path, file.modificationTime());
        }
    }

    static void requireAtLeast(Path path, long size, long expected) throws NotRestorableException {
        if (size < expected) {
            throw new NotRestorableException("cannot reopen " + path + ": expected at least the " + expected
                    + " bytes it had at the checkpoint, found " + size + "; put the file of that time back");
        }
    }

    private void requireUnchanged(Path path, BasicFileAttributes now, OpenFile file) throws NotRestorableException {
        if (now.size() == file.length() && OpenFile.nanoseconds(now.lastModifiedTime()) == file.modified()) {
            return;
        }
        String remedy = file.writes()
                ? "; it is written at random and larger than the " + policy.carriedBytes()
                        + " bytes up to which the image keeps such files: put the file of that time back"
                : "; put the file of that time back, or resume with files=accept";
        throw new NotRestorableException("cannot reopen " + path + ": it changed since the checkpoint, expected "
                + file.length() + " bytes modified " + file.modificationTime() + ", found " + now.size()
                + " bytes modified " + now.lastModifiedTime() + remedy);
    }

    private static int open(String path, String flags) throws IOException {
        return (Integer) Native.OPEN.result(null, FileSystems.getDefault().getPath(path), FileAccess.flags(flags), 0);
    }

    /** A file that only knows its descriptor, which is enough to seek. */
    static void seek(int number, long position) throws IOException {
        FileDescriptor descriptor = new FileDescriptor();
        Slot.of(FileDescriptor.class, "fd").put(descriptor, number);
        RandomAccessFile file = JdkClass.allocate(RandomAccessFile.class);
        Slot.of(RandomAccessFile.class, "fd").put(file, descriptor);
        file.seek(position);
    }

    /** Resolved at the first file that is opened again. */
    private static final class Native {
        static final JdkCall OPEN = JdkCall.of(
                JdkClass.of("sun.nio.fs.UnixNativeDispatcher"),
                "open",
                JdkClass.of("sun.nio.fs.UnixPath"),
                int.class,
                int.class);

        private Native() {}
    }
}
