package dev.ingot.cli;

import dev.ingot.scheduler.journal.Storage;
import dev.ingot.scheduler.wire.PoolDirectory;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** To run the pool of a directory: its lock, which the end of the process gives back. */
final class DirectoryMandate implements Mandate {
    private final Path journal;
    private final FileChannel file;
    private @Nullable FileLock lock;

    DirectoryMandate(PoolDirectory directory) throws IOException {
        this.journal = directory.journal();
        PoolDirectory.createOwned(journal);
        this.file = FileChannel.open(directory.controlLock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    @Override
    public boolean tryTake() throws IOException {
        if (lock == null) {
            lock = file.tryLock();
        }
        return lock != null;
    }

    @Override
    public Storage journal() {
        return Storage.directory(journal);
    }

    @Override
    public Storage ownJournal() {
        return journal();
    }

    @Override
    public void receiveGrants() {
        // They are in the directory.
    }

    @Override
    public void publishGrants() {
        // They are in the directory.
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
