package dev.ingot.core.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The real file system. */
final class FileDisk implements Disk {
    /** The files that this process has locked, by what tells them from all others whatever their names. */
    private static final Set<Object> HELD = ConcurrentHashMap.newKeySet();

    /**
     * Whether this process has that file locked. To be asked before it is opened: the operating system gives all locks of a process on a
     * file back when the process closes it, however often it had it open.
     */
    static boolean isHeld(Path file) throws IOException {
        return !HELD.isEmpty() && Files.exists(file) && HELD.contains(keyOf(file));
    }

    private static Object keyOf(Path file) throws IOException {
        Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        return key == null ? file.toRealPath() : key;
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        Files.createDirectories(directory, ownerOnly(directory, "rwx------"));
    }

    @Override
    public Output create(Path file) throws IOException {
        FileChannel channel = FileChannel.open(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly(file, "rw-------"));
        try {
            if (channel.tryLock() == null) {
                throw new IOException("another process holds a lock on a file that was only just created");
            }
            return new ChannelOutput(channel, keyOf(file));
        } catch (IOException | RuntimeException failure) {
            closeAfter(failure, channel);
            throw failure;
        }
    }

    @Override
    public @Nullable Growing grow(Path file) throws IOException {
        if (isHeld(file)) {
            return null;
        }
        FileChannel channel = FileChannel.open(
                file,
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS),
                ownerOnly(file, "rw-------"));
        try {
            if (channel.tryLock() == null) {
                channel.close();
                return null;
            }
            channel.position(channel.size());
            return new GrowingFile(channel, keyOf(file));
        } catch (IOException | RuntimeException failure) {
            closeAfter(failure, channel);
            throw failure;
        }
    }

    private static void closeAfter(Exception failure, FileChannel channel) {
        try {
            channel.close();
        } catch (IOException second) {
            failure.addSuppressed(second);
        }
    }

    /** Permissions to create {@code file} with: none to give on a file system that has none. */
    static FileAttribute<?>[] ownerOnly(Path file, String permissions) {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return new FileAttribute<?>[0];
        }
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        };
    }

    @Override
    public void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void link(Path existing, Path name) throws IOException {
        try {
            Files.createLink(name, existing);
        } catch (UnsupportedOperationException notHere) {
            throw new IOException("the file system has no hard links", notHere);
        }
    }

    @Override
    public void deleteTree(Path directory) throws IOException {
        try {
            Files.walkFileTree(directory, new Deleter());
        } catch (NoSuchFileException gone) {
            // Somebody else deleted it, which is all that was wanted.
            return;
        }
    }

    @Override
    public long usableBytes(Path directory) throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    private static class ChannelOutput implements Output {
        final FileChannel channel;
        private final Object key;

        ChannelOutput(FileChannel channel, Object key) {
            this.channel = channel;
            this.key = key;
            HELD.add(key);
        }

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }

        @Override
        public void force() throws IOException {
            channel.force(true);
        }

        @Override
        public void close() throws IOException {
            // Also a second time, when another file may have got the key.
            if (channel.isOpen()) {
                HELD.remove(key);
                channel.close();
            }
        }
    }

    private static final class GrowingFile extends ChannelOutput implements Growing {
        GrowingFile(FileChannel channel, Object key) {
            super(channel, key);
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public int read(ByteBuffer bytes, long offset) throws IOException {
            return channel.read(bytes, offset);
        }

        @Override
        public void truncate(long size) throws IOException {
            channel.truncate(size);
            channel.position(channel.size());
        }
    }

    private static final class Deleter extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) throws IOException {
            if (failure != null) {
                throw failure;
            }
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
