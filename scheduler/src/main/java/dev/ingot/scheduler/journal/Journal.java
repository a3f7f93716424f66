package dev.ingot.scheduler.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * A log of records in a directory, in segments, and the newest snapshot of what they led to. Records are appended in memory and become
 * durable, all that there are at once, by {@link #force}. Not thread-safe, but for a {@link Snapshot}, which another thread may write.
 *
 * <h2>Generations</h2>
 *
 * <pre>
 *   log-0 .......| log-1 .......| log-2 ...           while records come
 *                | snapshot-1   |                     stands for log-0, which is deleted
 * </pre>
 *
 * {@link #beginSnapshot} begins segment {@code n}; the state at that instant becomes {@code snapshot-n}. It is written under another
 * name, forced, and renamed. So what counts is the snapshot of the highest number, and the segments from that number on, without a
 * gap. At each instant either the old snapshot and the segments behind it are there, or the new one. What precedes the newest snapshot
 * is deleted only when that one's name is on the disk, here or at the next start. A segment is begun only when the one before it is
 * whole on the disk, so only the last may end within a group.
 */
public final class Journal implements AutoCloseable {
    /** The longest record, in bytes. */
    public static final int MAX_RECORD_BYTES = 16 << 20;

    static final String LOG = "log-";
    static final String SNAPSHOT = "snapshot-";
    static final Sizes USUAL = new Sizes(4 << 20, 1 << 20);
    /** Where files are not made longer ahead. */
    private static final Sizes WITHOUT_RESERVE = new Sizes(4 << 20, 0);

    private final Storage storage;
    private final Sizes sizes;
    private Segment segment;
    private long generation;
    private volatile long snapshotBytes;
    private volatile boolean snapshotUnderWay;

    private Journal(Storage storage, Sizes sizes, Recovered recovered) {
        this.storage = storage;
        this.sizes = sizes;
        this.segment = recovered.segment;
        this.generation = recovered.generation;
        this.snapshotBytes = recovered.snapshotBytes;
    }

    /**
     * Sizes in bytes.
     *
     * @param leastSegment a segment is this long before a snapshot is due that ends it
     * @param reserve a segment's file is made longer by so much at a time
     */
    record Sizes(long leastSegment, int reserve) {}

    private record Recovered(Segment segment, long generation, long snapshotBytes) {}

    /**
     * Opens the journal in {@code directory}, which must be there and may be empty.
     *
     * @param recovery is given what was durable, and told nothing of a failure half way
     * @throws IOException if it cannot be read or written, or is damaged
     */
    public static Journal open(Path directory, Recovery recovery) throws IOException {
        return open(Storage.directory(directory), recovery);
    }

    /** The same, wherever its files are. */
    public static Journal open(Storage storage, Recovery recovery) throws IOException {
        return open(storage, sizes(storage), recovery);
    }

    static Sizes sizes(Storage storage) {
        return storage instanceof FileStorage ? USUAL : WITHOUT_RESERVE;
    }

    static Journal open(Storage storage, Sizes sizes, Recovery recovery) throws IOException {
        NavigableSet<Long> snapshots = numbers(storage.names(), SNAPSHOT);
        long base = snapshots.isEmpty() ? 0 : snapshots.last();
        long snapshotBytes = snapshots.isEmpty() ? 0 : Snapshot.read(storage, SNAPSHOT + base, recovery::state);
        return open(storage, sizes, new Place(base, base, 0, snapshotBytes), recovery);
    }

    /**
     * How far a journal has been read.
     *
     * @param base the number of the newest snapshot
     * @param generation of the segment
     * @param end of what was read of it
     * @param snapshotBytes the length of the newest snapshot
     */
    record Place(long base, long generation, long end, long snapshotBytes) {}

    /** Goes on where somebody has read up to. */
    static Journal open(Storage storage, Sizes sizes, Place from, Recovery recovery) throws IOException {
        NavigableSet<Long> logs = numbers(storage.names(), LOG);
        boolean fresh = logs.isEmpty() && numbers(storage.names(), SNAPSHOT).isEmpty();
        long last = logs.isEmpty() ? from.base : Math.max(from.base, logs.last());
        Segment segment = null;
        for (long number = from.generation; number <= last; number++) {
            if (segment != null) {
                segment.close();
            }
            boolean begun = logs.contains(number);
            if (!begun && !fresh) {
                throw new IOException("the journal is damaged: " + LOG + number
                        + " is missing; bring back the journal from a backup");
            }
            segment = begun
                    ? Segment.recover(
                            storage,
                            LOG + number,
                            sizes.reserve,
                            number == last,
                            number == from.generation ? from.end : 0,
                            recovery::appended)
                    : Segment.create(storage, LOG + number, sizes.reserve);
        }
        if (segment == null) {
            throw new IllegalStateException("no segment between " + from.generation + " and " + last);
        }
        storage.forceNames();
        Journal journal = new Journal(storage, sizes, new Recovered(segment, last, from.snapshotBytes));
        journal.deleteBefore(from.base);
        return journal;
    }

    static NavigableSet<Long> numbers(List<String> names, String kind) {
        NavigableSet<Long> numbers = new TreeSet<>();
        for (String name : names) {
            String number = name.startsWith(kind) ? name.substring(kind.length()) : "";
            if (number.matches("[0-9]{1,18}")) {
                numbers.add(Long.parseLong(number));
            }
        }
        return numbers;
    }

    private void deleteBefore(long base) throws IOException {
        for (String name : storage.names()) {
            if (name.startsWith(SNAPSHOT) && name.endsWith(Snapshot.UNFINISHED)) {
                storage.delete(name);
            }
        }
        for (String kind : List.of(LOG, SNAPSHOT)) {
            for (long number : numbers(storage.names(), kind).headSet(base)) {
                storage.delete(kind + number);
            }
        }
    }

    static void requireLength(byte[] record) {
        if (record.length == 0 || record.length > MAX_RECORD_BYTES) {
            throw new IllegalArgumentException(
                    "a record has 1 to " + MAX_RECORD_BYTES + " bytes, not " + record.length);
        }
    }

    /** Adds a record, which is not durable before {@link #force}. */
    public void append(byte[] record) {
        requireLength(record);
        segment.append(record);
    }

    /**
     * Makes all records durable, and makes sure that no other process may add any. After a failure nothing is known of them, and the journal
     * must not be used any more.
     */
    public void force() throws IOException {
        segment.force();
        storage.confirm();
    }

    /** Whether anything was appended behind the newest snapshot begun. */
    public boolean hasRecords() {
        return segment.size() > 0 || segment.hasPending();
    }

    /**
     * Whether so much was appended that a snapshot is worth its writing: as much as the last one had. So, however long the journal
     * lives, no more than twice of what is appended is written, and the directory holds little more than three times the state.
     */
    public boolean isSnapshotDue() {
        return !snapshotUnderWay && segment.size() >= Math.max(sizes.leastSegment, snapshotBytes);
    }

    /**
     * Begins a snapshot of the state that everything appended so far has led to. What is appended from now on is behind it. There may be
     * one at a time. After a failure the journal must not be used any more.
     *
     * @throws IllegalStateException if one is under way, or something appended is not yet durable
     */
    public Snapshot beginSnapshot() throws IOException {
        if (snapshotUnderWay || segment.hasPending()) {
            throw new IllegalStateException("a snapshot is begun when none is under way and all records are durable");
        }
        long next = generation + 1;
        Segment begun = Segment.create(storage, LOG + next, sizes.reserve);
        storage.forceNames();
        segment.close();
        segment = begun;
        generation = next;
        snapshotUnderWay = true;
        return new Snapshot(this, storage, next, SNAPSHOT + next);
    }

    /** By the thread that writes the snapshot. Of the files it touches, this object's own thread touches none. */
    void committed(long number, long size) throws IOException {
        snapshotBytes = size;
        deleteBefore(number);
    }

    void snapshotEnded() {
        snapshotUnderWay = false;
    }

    @Override
    public void close() throws IOException {
        segment.close();
    }
}
