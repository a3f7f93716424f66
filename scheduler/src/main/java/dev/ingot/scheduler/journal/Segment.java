package dev.ingot.scheduler.journal;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One file of records. They are appended in memory and become durable, all that there are at once, by {@link #force}, which writes
 * them as one {@link Group}. Not thread-safe.
 *
 * <h2>Recovery</h2>
 *
 * A crash can leave any part of the last group, of which nobody was told. So at the first group that is not whole, the file ends,
 * and what is behind is cut off. A group is only written when the one before it is on the disk: a broken one with a whole one behind
 * it is no crash but damage, and is refused.
 */
final class Segment implements AutoCloseable {
    private final String name;
    private final Storage.Content file;
    private final int reserve;
    private final Group pending = new Group();
    private long end;
    private long reserved;

    private Segment(String name, Storage.Content file, int reserve) {
        this.name = name;
        this.file = file;
        this.reserve = reserve;
    }

    /**
     * Creates an empty one, whose name is not yet durable.
     *
     * @param reserve how many bytes ahead the file is made longer at a time
     */
    static Segment create(Storage storage, String name, int reserve) throws IOException {
        Segment segment = new Segment(name, storage.open(name), reserve);
        try {
            segment.cutOff();
            return segment;
        } catch (IOException failure) {
            segment.file.close();
            throw failure;
        }
    }

    /**
     * Opens one that is there.
     *
     * @param isLast whether a crash can have been in the midst of writing it
     * @throws IOException if it cannot be read or written, or is damaged
     */
    static Segment recover(Storage storage, String name, int reserve, boolean isLast, Recovery.RecordConsumer records)
            throws IOException {
        return recover(storage, name, reserve, isLast, 0, records);
    }

    /** @param from where the first record is that is wanted */
    static Segment recover(
            Storage storage, String name, int reserve, boolean isLast, long from, Recovery.RecordConsumer records)
            throws IOException {
        Segment segment = new Segment(name, storage.open(name), reserve);
        segment.end = from;
        try {
            segment.read(records);
            segment.requireSound(isLast);
            if (isLast) {
                segment.cutOff();
            }
            return segment;
        } catch (IOException | RuntimeException failure) {
            segment.file.close();
            throw failure;
        }
    }

    private void read(Recovery.RecordConsumer records) throws IOException {
        end = read(file, end, records);
    }

    /** Reads all whole groups from a place on; the place behind them. */
    static long read(Storage.Content file, long from, Recovery.RecordConsumer records) throws IOException {
        long place = from;
        ByteBuffer group = Group.read(file, place);
        while (group != null) {
            place += Group.HEAD_BYTES + group.limit();
            while (group.hasRemaining()) {
                records.accept(Group.next(group));
            }
            group = Group.read(file, place);
        }
        return place;
    }

    private void requireSound(boolean isLast) throws IOException {
        ByteBuffer rest = ByteBuffer.allocate(Math.toIntExact(file.size() - end));
        file.read(rest, end);
        rest.flip();
        boolean blank = true;
        while (rest.hasRemaining() && blank) {
            blank = rest.get() == 0;
        }
        if (blank) {
            return;
        }
        if (!isLast) {
            throw damaged("though it was complete when the next segment was begun");
        }
        for (long place = end + 1; place < file.size() - Group.HEAD_BYTES; place++) {
            if (isPlausible(rest, (int) (place - end)) && Group.read(file, place) != null) {
                throw damaged("but there is something whole behind it");
            }
        }
    }

    /** Saves reading the file again at each byte of what a crash left. */
    private static boolean isPlausible(ByteBuffer rest, int place) {
        int length = rest.getInt(place);
        return length > 0 && length <= rest.limit() - place - Group.HEAD_BYTES;
    }

    private IOException damaged(String how) {
        return new IOException("journal segment " + name + " is damaged: what begins at byte " + end + " is broken, "
                + how + "; bring back the journal from a backup");
    }

    private void cutOff() throws IOException {
        file.truncate(end);
        file.force();
        reserved = end;
    }

    /** How many bytes of records it has. */
    long size() {
        return end;
    }

    boolean hasPending() {
        return !pending.isEmpty();
    }

    void append(byte[] record) {
        pending.add(record);
    }

    void force() throws IOException {
        if (pending.isEmpty()) {
            return;
        }
        ByteBuffer group = pending.seal();
        int length = group.remaining();
        reserve(end + length);
        file.write(group, end);
        end += length;
        file.force();
        pending.clear();
    }

    /** A file that does not grow with each write is forced in half the time, since its length need not be written too. */
    private void reserve(long length) throws IOException {
        if (length > reserved) {
            // Zeros, not a hole, whose blocks would have to be found later.
            file.write(ByteBuffer.allocate(reserve), length);
            reserved = length + reserve;
            file.force();
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
