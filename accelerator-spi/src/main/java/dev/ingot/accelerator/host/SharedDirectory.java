package dev.ingot.accelerator.host;

import dev.ingot.accelerator.share.SharedSpace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.BooleanSupplier;

/**
 * A directory in memory where that exists, with what a program and its device host share. It is locked for as long as the program
 * lives. The host removes it when the program has ended without doing so; who makes the next one removes those that nobody locks
 * any more. Used by one thread at a time, but for {@link #suspend}.
 */
final class SharedDirectory implements AutoCloseable {
    private static final String PREFIX = "ingot-device-";
    private static final String LOCK = "lock";
    /** One byte, which is not 0 while steps are to stop. */
    private static final String SUSPENSION = "suspension";

    private static final int BLOCK = 1 << 20;
    /** What is written between two looks at how much room there is. */
    private static final long LOOK_BYTES = 64L << 20;

    private final Path path;
    private final FileChannel lock;
    private final MappedByteBuffer suspension;
    private int files;

    private SharedDirectory(Path path, FileChannel lock, MappedByteBuffer suspension) {
        this.path = path;
        this.lock = lock;
        this.suspension = suspension;
    }

    static SharedDirectory create() throws IOException {
        Path root = SharedSpace.root();
        sweep(root);
        while (true) {
            Path path = Files.createTempDirectory(root, ownPrefix());
            FileChannel lock =
                    FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            if (lock.tryLock() != null && Files.exists(path.resolve(LOCK))) {
                return new SharedDirectory(path, lock, mapSuspension(path));
            }
            // Somebody swept it before it was locked.
            lock.close();
        }
    }

    /** Asked for anew each time: what a field holds is part of images, and a resumed program is another process. */
    private static String ownPrefix() {
        return PREFIX + ProcessHandle.current().pid() + "-";
    }

    private static MappedByteBuffer mapSuspension(Path directory) throws IOException {
        try (FileChannel file = FileChannel.open(
                directory.resolve(SUSPENSION),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            return file.map(FileChannel.MapMode.READ_WRITE, 0, 1);
        }
    }

    /** For a host: whether steps are to stop. Between two answers the host does something that is not inlined. */
    static BooleanSupplier suspension(Path directory) throws IOException {
        MappedByteBuffer flag = mapSuspension(directory);
        return () -> flag.get(0) != 0;
    }

    /** Has steps stop, or no longer. */
    void suspend(boolean wanted) {
        suspension.put(0, (byte) (wanted ? 1 : 0));
    }

    private static void sweep(Path root) throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(root, PREFIX + "*")) {
            for (Path each : found) {
                if (!isOwn(each) && isAbandoned(each.resolve(LOCK))) {
                    remove(each);
                }
            }
        }
    }

    /** To open a lock of this process's own and close it again would unlock it. */
    private static boolean isOwn(Path directory) {
        return directory.getFileName().toString().startsWith(ownPrefix());
    }

    /** A directory without a lock is only being made. */
    private static boolean isAbandoned(Path lock) {
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                FileLock taken = channel.tryLock()) {
            return taken != null;
        } catch (IOException | OverlappingFileLockException e) {
            return false;
        }
    }

    private static void delete(Path directory) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException gone) {
            return;
        }
        Files.deleteIfExists(directory);
    }

    Path path() {
        return path;
    }

    Path log() {
        return path.resolve("log");
    }

    /**
     * A new file of zeroes. It is written, not only made as long: to touch a page for which there is no memory would end the process.
     *
     * @throws IOException if there is not so much room
     */
    Path newFile(long bytes) throws IOException {
        return newFile(bytes, SharedSpace::free);
    }

    /** How many bytes there are room for. */
    interface Room {
        long bytes() throws IOException;
    }

    /** Others write at the same time, so the room is looked at again and again. */
    Path newFile(long bytes, Room room) throws IOException {
        requireRoom(bytes, room);
        Path file = path.resolve("memory-" + files++);
        boolean complete = false;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer zeroes = ByteBuffer.allocateDirect((int) Math.min(BLOCK, bytes));
            long untilLook = LOOK_BYTES;
            for (long left = bytes; left > 0; ) {
                if (untilLook <= 0) {
                    requireRoom(left, room);
                    untilLook = LOOK_BYTES;
                }
                zeroes.clear().limit((int) Math.min(zeroes.capacity(), left));
                int written = channel.write(zeroes);
                left -= written;
                untilLook -= written;
            }
            complete = true;
        } finally {
            if (!complete) {
                Files.deleteIfExists(file);
            }
        }
        return file;
    }

    /** Programs that were killed may have left something that takes room. */
    private void requireRoom(long bytes, Room room) throws IOException {
        long present = room.bytes();
        if (bytes > present) {
            sweep(SharedSpace.root());
            present = room.bytes();
        }
        if (bytes > present) {
            throw new IOException("there are " + Math.max(0, present) + " bytes left in " + path.getParent());
        }
    }

    /** Gives the memory of a file back at once, though mappings of it may live until they are collected. */
    static void release(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(0);
            Files.deleteIfExists(file);
        } catch (IOException gone) {
            // Then it takes no room.
        }
    }

    @Override
    public void close() {
        remove(path);
        try {
            lock.close();
        } catch (IOException ignored) {
            // Nobody asks for it any more.
        }
    }

    /** Deletes a directory of these, as far as that can be done; the next one that is made sweeps what is left. */
    static void remove(Path directory) {
        try {
            delete(directory);
        } catch (IOException left) {
            // Swept later.
        }
    }
}
