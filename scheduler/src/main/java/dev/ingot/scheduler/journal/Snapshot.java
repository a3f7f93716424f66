package dev.ingot.scheduler.journal;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A state being written that will stand for all segments before its own. It counts from {@link #commit} on; one that is closed before
 * has no effect. Used by one thread, which need not be that of the journal.
 */
public final class Snapshot implements AutoCloseable {
    static final String UNFINISHED = ".tmp";

    private static final int GROUP_BYTES = 1 << 20;
    private static final byte[] END = {};

    private final Journal journal;
    private final long generation;
    private final String name;
    private final Storage storage;
    private final Storage.Content file;
    private final Group pending = new Group();
    private long size;
    private boolean ended;

    Snapshot(Journal journal, Storage storage, long generation, String name) throws IOException {
        this.journal = journal;
        this.storage = storage;
        this.generation = generation;
        this.name = name;
        this.file = storage.open(name + UNFINISHED);
        file.truncate(0);
    }

    /** Reads one that was committed. */
    static long read(Storage storage, String name, Recovery.RecordConsumer records) throws IOException {
        try (Storage.Content file = storage.open(name)) {
            long place = 0;
            boolean ended = false;
            while (!ended) {
                ByteBuffer group = Group.read(file, place);
                if (group == null) {
                    throw new IOException("journal " + name + " is damaged at byte " + place
                            + "; bring back the journal from a backup");
                }
                place += Group.HEAD_BYTES + group.limit();
                while (group.hasRemaining()) {
                    byte[] record = Group.next(group);
                    ended = record.length == 0;
                    if (!ended) {
                        records.accept(record);
                    }
                }
            }
            return place;
        }
    }

    /** Adds a record. */
    public void add(byte[] record) throws IOException {
        Journal.requireLength(record);
        pending.add(record);
        if (pending.size() > GROUP_BYTES) {
            write();
        }
    }

    private void write() throws IOException {
        ByteBuffer group = pending.seal();
        int length = group.remaining();
        file.write(group, size);
        size += length;
        pending.clear();
    }

    /** Puts it in the place of what it stands for, which is then deleted. */
    public void commit() throws IOException {
        pending.add(END);
        write();
        file.force();
        storage.rename(name + UNFINISHED, name);
        ended = true;
        storage.forceNames();
        journal.committed(generation, size);
    }

    @Override
    public void close() throws IOException {
        try {
            file.close();
            if (!ended) {
                storage.delete(name + UNFINISHED);
            }
        } finally {
            journal.snapshotEnded();
        }
    }
}
