package dev.ingot.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Objects as files below a directory of any file system provider. */
public final class PathObjectStore implements ObjectStore {
    private static final int MOST_ATTEMPTS = 10;
    private static final String UNFINISHED = ".unfinished-";

    private final Path root;
    private final @Nullable FileSystem owned;

    /** @param owned is closed with the store; null if its file system is somebody else's */
    public PathObjectStore(Path root, @Nullable FileSystem owned) {
        this.root = root.toAbsolutePath().normalize();
        this.owned = owned;
    }

    private Path path(String key) {
        Path path = root.resolve(key).normalize();
        if (!path.startsWith(root)) {
            throw new IllegalArgumentException("key '" + key + "' leads out of " + root);
        }
        return path;
    }

    @Override
    public List<String> children(String prefix) throws IOException {
        List<String> names = new ArrayList<>();
        try (Stream<Path> entries = Files.list(path(prefix))) {
            for (Path entry : entries.sorted().toList()) {
                String name = entry.getFileName().toString();
                if (Files.isDirectory(entry)) {
                    names.add(name.endsWith("/") ? name.substring(0, name.length() - 1) : name);
                }
            }
        } catch (NoSuchFileException nothingThere) {
            return names;
        }
        return names;
    }

    @Override
    public List<Entry> list(String prefix) throws IOException {
        List<Entry> entries = new ArrayList<>();
        Path below = path(prefix);
        if (!Files.exists(below)) {
            return entries;
        }
        Files.walkFileTree(below, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (!file.getFileName().toString().startsWith(UNFINISHED)) {
                    entries.add(new Entry(
                            key(file),
                            attributes.size(),
                            attributes.lastModifiedTime().toInstant()));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                return failure == null ? FileVisitResult.CONTINUE : visitFileFailed(directory, failure);
            }
        });
        return entries;
    }

    private String key(Path file) {
        return root.relativize(file).toString().replace(root.getFileSystem().getSeparator(), "/");
    }

    @Override
    public byte[] read(String key, long most) throws IOException {
        try (InputStream in = Files.newInputStream(path(key))) {
            byte[] content = in.readNBytes((int) Math.min(most + 1, Integer.MAX_VALUE - 8));
            if (content.length > most) {
                throw new IOException("object " + key + " of " + root + " is longer than " + most + " bytes");
            }
            return content;
        }
    }

    @Override
    public void put(String key, byte[] content) throws IOException {
        Path file = path(key);
        Path unfinished = write(file, content);
        try {
            move(unfinished, file);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException | UnsupportedOperationException notHere) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Override
    public boolean create(String key, byte[] content) throws IOException {
        Path file = path(key);
        Path unfinished = write(file, content);
        try {
            link(unfinished, file);
            return true;
        } catch (FileAlreadyExistsException there) {
            return false;
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    // Where a file system has no links, two that create the same key at the same time are not told apart.
    private static void link(Path from, Path to) throws IOException {
        try {
            Files.createLink(to, from);
        } catch (UnsupportedOperationException notHere) {
            Files.move(from, to);
        }
    }

    // Whoever deletes the last object of a directory deletes that too, perhaps just when it is needed again.
    private static Path write(Path file, byte[] content) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return writeOnce(file, content);
            } catch (NoSuchFileException deletedMeanwhile) {
                if (attempt == MOST_ATTEMPTS) {
                    throw deletedMeanwhile;
                }
            }
        }
    }

    private static Path writeOnce(Path file, byte[] content) throws IOException {
        Files.createDirectories(file.getParent());
        Path unfinished = file.resolveSibling(UNFINISHED + UUID.randomUUID());
        try (SeekableByteChannel channel =
                Files.newByteChannel(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            if (channel instanceof FileChannel onDisk) {
                onDisk.force(true);
            }
        }
        return unfinished;
    }

    @Override
    public void delete(String key) throws IOException {
        Path file = path(key);
        Files.deleteIfExists(file);
        for (Path parent = file.getParent(); parent != null && !parent.equals(root); parent = parent.getParent()) {
            try {
                if (!Files.deleteIfExists(parent)) {
                    return;
                }
            } catch (DirectoryNotEmptyException used) {
                return;
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (owned != null) {
            owned.close();
        }
    }

    @Override
    public String toString() {
        return root.toString();
    }
}
