package dev.ingot.core.image;

import dev.ingot.core.seal.Seal;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * An archive that came through a pipe, taken apart beside the images of a store until they have what it holds. Only names of an image's files
 * are taken, and what is in them is believed no more than that of any other image that is to be received. A file with the name of the
 * directory and {@value #LOCK} is locked meanwhile; one that is not was left by a process that died, and goes with the next one.
 */
final class PipedArchive implements AutoCloseable {
    static final String IMPORTING = ".importing-";
    private static final String LOCK = ".lock";

    private static final int BUFFER_BYTES = 1 << 20;
    private static final Set<String> EXPECTED = expected();
    /** {@code NAME/DIRECTORY/FILE}. */
    private static final int PATH_PARTS = 3;

    private final ImageStore store;
    private final Disk disk;
    private final Path said;
    private final Path directory;
    private final Disk.Growing lock;
    private final Set<String> unpacked = new HashSet<>();
    private @Nullable String home;

    private PipedArchive(ImageStore store, Path said, Path directory, Disk.Growing lock) {
        this.store = store;
        this.disk = store.disk();
        this.said = said;
        this.directory = directory;
        this.lock = lock;
    }

    private static Set<String> expected() {
        Set<String> files = new HashSet<>(ImageFiles.beside(false, Seal.MAX_BEFORE));
        files.addAll(ImageFiles.beside(true, Seal.MAX_BEFORE));
        files.add(ImageHandle.PACK);
        for (int number = 0; number < Seal.MAX_BEFORE; number++) {
            files.add(ImageHandle.before(number) + '/' + ImageHandle.PACK);
        }
        return Set.copyOf(files);
    }

    /**
     * Reads the archive that {@code in} begins with, and not a byte more.
     *
     * @param said how messages call it
     * @throws ImageException if it is no whole archive with the files of an image, cannot be read, or has no room
     */
    static PipedArchive read(InputStream in, Path said, ImageStore store) throws IOException {
        Disk disk = store.disk();
        disk.createDirectories(store.directory());
        removeAbandoned(store.directory(), disk);
        Path directory = store.directory()
                .resolve(IMPORTING + ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime()));
        Disk.Growing lock = disk.grow(lockOf(directory));
        if (lock == null) {
            throw new IOException("another process holds a lock on " + directory + ", which was only just named");
        }
        PipedArchive archive = new PipedArchive(store, said, directory, lock);
        try {
            archive.unpack(new WholeArchive(in, said));
            return archive;
        } catch (IOException | RuntimeException failure) {
            archive.closeAfter(failure);
            throw failure;
        }
    }

    private static Path lockOf(Path directory) {
        return directory.resolveSibling(directory.getFileName() + LOCK);
    }

    private static void removeAbandoned(Path store, Disk disk) throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(store, IMPORTING + "*")) {
            for (Path entry : left) {
                String name = entry.getFileName().toString();
                if (name.endsWith(LOCK)) {
                    removeAbandoned(store.resolve(name.substring(0, name.length() - LOCK.length())), entry, disk);
                }
            }
        }
    }

    private static void removeAbandoned(Path directory, Path lock, Disk disk) throws IOException {
        try (Disk.Growing left = disk.grow(lock)) {
            if (left != null) {
                disk.deleteTree(directory);
                disk.deleteTree(lock);
            }
        } catch (OverlappingFileLockException ofThisProcess) {
            // It is being read.
        }
    }

    private void unpack(WholeArchive in) throws IOException {
        ZipInputStream zip = new ZipInputStream(in);
        byte[] buffer = new byte[BUFFER_BYTES];
        for (ZipEntry entry = next(zip); entry != null; entry = next(zip)) {
            Path file = place(entry);
            // Its length is known beforehand, so a stream without an end does not fill the disk.
            store.requireSpace(store.directory(), entry.getSize());
            disk.createDirectories(Objects.requireNonNull(file.getParent()));
            try (Disk.Output output = disk.create(file)) {
                for (int read = read(zip, buffer); read > 0; read = read(zip, buffer)) {
                    output.write(ByteBuffer.wrap(buffer, 0, read));
                }
            }
        }
        if (home == null) {
            throw invalid(
                    in.isEmpty()
                            ? "nothing came; whoever should have sent an image says why"
                            : "it does not begin as what 'ingot images export' writes");
        }
        in.requireEnd();
    }

    private Path place(ZipEntry entry) throws ImageException {
        String[] path = entry.getName().split("/", PATH_PARTS);
        if (path.length < PATH_PARTS || !ImageName.isValid(path[0]) || !ImageStore.isImageDirectory(path[1])) {
            throw invalid("'" + entry.getName() + "' is no file of an image");
        }
        String own = path[0] + '/' + path[1];
        if (home == null) {
            home = own;
        }
        if (!own.equals(home) || !EXPECTED.contains(path[2]) || !unpacked.add(path[2])) {
            throw invalid("it has no room for " + entry.getName());
        }
        if (entry.getMethod() != ZipEntry.STORED) {
            // What unpacks to a thousand times its size is not even begun.
            throw invalid(path[2] + " is compressed, and exported images hold their files as they are");
        }
        return directory.resolve(entry.getName());
    }

    private @Nullable ZipEntry next(ZipInputStream zip) throws ImageException {
        try {
            return zip.getNextEntry();
        } catch (IOException | IllegalArgumentException failure) {
            throw failed(failure);
        }
    }

    private int read(ZipInputStream zip, byte[] buffer) throws ImageException {
        try {
            return zip.readNBytes(buffer, 0, buffer.length);
        } catch (IOException failure) {
            throw failed(failure);
        }
    }

    private ImageException failed(Exception failure) {
        if (failure instanceof ImageException known) {
            return known;
        }
        ImageException invalid = invalid(
                failure instanceof EOFException
                        ? "it ends within a file"
                        : "it is no whole archive (" + failure.getMessage() + ")");
        invalid.initCause(failure);
        return invalid;
    }

    private ImageException invalid(String what) {
        return new ImageException(ImageProblem.INVALID, said, "cannot import " + said + ": " + what);
    }

    /**
     * Brings the image into the store. Its packs are moved, not copied.
     *
     * @throws ImageException if it is damaged, or not one that the store takes
     */
    ImageCopy receive() throws ImageException {
        Path unpacked = directory.resolve(Objects.requireNonNull(home));
        try (CarriedImage image = ImageStore.carried(unpacked)) {
            return store.receive(image, unpacked);
        } catch (IOException failure) {
            throw new ImageException(
                    failure instanceof ImageException known ? known.problem() : ImageProblem.STORAGE,
                    said,
                    "cannot import " + said + ": " + failure.getMessage(),
                    failure);
        }
    }

    private void closeAfter(Exception failure) {
        try {
            close();
        } catch (IOException second) {
            failure.addSuppressed(second);
        }
    }

    @Override
    public void close() throws IOException {
        try (lock) {
            disk.deleteTree(directory);
            disk.deleteTree(lockOf(directory));
        }
    }
}
