package dev.ingot.core.image;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps writers and cleaners of one image name apart, in this process and among processes. The operating system gives the
 * lock back when its holder dies. Held for moments: to begin, to publish, to delete.
 */
final class StoreLock {
    private static final String FILE = ".lock";

    // File locks belong to the whole process, so its own threads take turns first.
    private static final ReentrantLock PROCESS = new ReentrantLock();

    private StoreLock() {}

    /** Runs {@code work} while nobody else runs any on the images in {@code home}. */
    static <T> T holding(Path home, Work<T> work) throws IOException {
        Path file = home.resolve(FILE);
        PROCESS.lock();
        try (FileChannel channel = open(file)) {
            lock(channel, file);
            return work.run();
        } finally {
            PROCESS.unlock();
        }
    }

    private static FileChannel open(Path file) throws ImageException {
        try {
            return FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                    FileDisk.ownerOnly(file, "rw-------"));
        } catch (IOException failure) {
            throw ImageException.whileWriting(file, failure);
        }
    }

    private static void lock(FileChannel channel, Path file) throws ImageException {
        try {
            // Never released by hand: closing the channel does that.
            FileLock held = channel.lock();
            assert held.isValid();
        } catch (IOException failure) {
            throw ImageException.whileWriting(file, failure);
        }
    }

    /** What is done under the lock. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException;
    }
}
