package dev.ingot.scheduler.journal;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.NavigableSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads a journal that another process writes, so as to go on with it at once when that one has ended. It changes nothing before. Not
 * thread-safe.
 */
public final class Follower {
    private static final long NOWHERE = -1;

    private final Storage storage;
    private final Recovery recovery;
    private long base = NOWHERE;
    private long snapshotBytes;
    private long generation;
    private long end;

    /** @param recovery is given what was durable, and told nothing of a failure half way */
    public Follower(Storage storage, Recovery recovery) {
        this.storage = storage;
        this.recovery = recovery;
    }

    /**
     * Reads what has come since.
     *
     * @return false if that is gone because a snapshot stands for it by now; another follower has to begin anew then
     * @throws IOException if the journal cannot be read, or is damaged
     */
    public boolean advance() throws IOException {
        try {
            return base == NOWHERE ? begin() && read() : read();
        } catch (NoSuchFileException goneMeanwhile) {
            return false;
        }
    }

    /** Whether there is a journal, as far as it was read. */
    private boolean begin() throws IOException {
        List<String> names = storage.names();
        NavigableSet<Long> snapshots = Journal.numbers(names, Journal.SNAPSHOT);
        if (snapshots.isEmpty() && !names.contains(Journal.LOG + 0)) {
            // Nobody has begun one yet.
            return Journal.numbers(names, Journal.LOG).isEmpty();
        }
        long newest = snapshots.isEmpty() ? 0 : snapshots.last();
        snapshotBytes = snapshots.isEmpty() ? 0 : Snapshot.read(storage, Journal.SNAPSHOT + newest, recovery::state);
        generation = newest;
        base = newest;
        return true;
    }

    private boolean read() throws IOException {
        if (base == NOWHERE) {
            return true;
        }
        while (true) {
            // Before its end is looked for: a segment is whole once there is the next one.
            boolean whole = storage.names().contains(Journal.LOG + (generation + 1));
            try (Storage.Content file = storage.openToRead(Journal.LOG + generation)) {
                end = Segment.read(file, end, recovery::appended);
            }
            if (!whole) {
                return true;
            }
            generation++;
            end = 0;
        }
    }

    /**
     * Goes on with the journal, which nobody else may write any more.
     *
     * @param own the same files, to be written
     * @return null if the journal is ahead of this one, or was never read; it has to be opened as any other then
     * @throws IOException if it cannot be read or written, or is damaged
     */
    public @Nullable Journal takeOver(Storage own) throws IOException {
        List<String> names = own.names();
        if (base == NOWHERE || !names.contains(Journal.LOG + generation)) {
            return null;
        }
        NavigableSet<Long> snapshots = Journal.numbers(names, Journal.SNAPSHOT);
        long newest = snapshots.isEmpty() ? 0 : snapshots.last();
        if (newest > base) {
            try (Storage.Content snapshot = own.openToRead(Journal.SNAPSHOT + newest)) {
                snapshotBytes = snapshot.size();
            }
        }
        Journal.Place place = new Journal.Place(newest, generation, end, snapshotBytes);
        return Journal.open(own, Journal.sizes(own), place, recovery);
    }
}
