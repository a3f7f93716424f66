package dev.ingot.scheduler.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A file of records. They are appended in memory and become durable, all that there are at once, by {@link #force}, which writes them
 * as one group: its length, its checksum, and each record behind its length. Not thread-safe.
 *
 * <h2>Recovery</h2>
 *
 * A crash can leave any part of the last group, of which nobody was told. So at the first group that is not whole, the file ends,
 * and what is behind is cut off. A group is only written when the one before it is on the disk: a broken one with a whole one behind
 * it is no crash but damage, and is refused.
 */
public final class Journal implements AutoCloseable {
    /** The longest record, in bytes. */
    public static final int MAX_RECORD_BYTES = 16 << 20;

    private static final int HEAD_BYTES = 8;
    private static final int STEP_BYTES = 1 << 20;

    private final Path file;
    private final FileChannel channel;
    private final List<byte[]> records = new ArrayList<>();
    /** The next group, with room for its head. */
    private ByteBuffer pending = ByteBuffer.allocate(1 << 16).position(HEAD_BYTES);

    private long end;
    private long reserved;

    private Journal(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Opens the journal in {@code file}, which is created, readable for the owner alone, where it is not there.
     *
     * @throws IOException if it cannot be read or written, or is damaged
     */
    public static Journal open(Path file) throws IOException {
        boolean isNew = Files.notExists(file);
        FileChannel channel = FileChannel.open(
                file,
                Set.copyOf(EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Journal journal = new Journal(file, channel);
        try {
            journal.recover();
            if (isNew) {
                forceDirectory(file.toAbsolutePath().resolveSibling(""));
            }
            return journal;
        } catch (IOException | RuntimeException failure) {
            channel.close();
            throw failure;
        }
    }

    private static void forceDirectory(Path directory) throws IOException {
        try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
            entries.force(true);
        }
    }

    private void recover() throws IOException {
        ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(channel.size()));
        while (all.hasRemaining() && channel.read(all, all.position()) > 0) {
            // Until all of it is there.
        }
        all.flip();
        ByteBuffer group = group(all, 0);
        while (group != null) {
            while (group.hasRemaining()) {
                byte[] record = new byte[group.getInt()];
                group.get(record);
                records.add(record);
            }
            end += HEAD_BYTES + group.limit();
            group = group(all, (int) end);
        }
        for (int place = (int) end + 1; place < all.limit() - HEAD_BYTES; place++) {
            if (group(all, place) != null) {
                throw new IOException("journal " + file + " is damaged: what begins at byte " + end
                        + " is broken, but there is something whole behind it; bring back the file from a backup");
            }
        }
        channel.truncate(end);
        channel.force(true);
        reserved = end;
    }

    /** The records of the group at {@code place}; null if there is no whole one. */
    private static @Nullable ByteBuffer group(ByteBuffer all, int place) {
        if (all.limit() - place < HEAD_BYTES) {
            return null;
        }
        int length = all.getInt(place);
        if (length <= 0 || length > all.limit() - place - HEAD_BYTES) {
            return null;
        }
        ByteBuffer group = all.slice(place + HEAD_BYTES, length);
        return checksum(group) == all.getInt(place + Integer.BYTES) ? group : null;
    }

    private static int checksum(ByteBuffer group) {
        CRC32C sum = new CRC32C();
        sum.update(group.duplicate());
        return (int) sum.getValue();
    }

    /** What was there when it was opened. The caller may ask once. */
    public List<byte[]> takeRecords() {
        List<byte[]> taken = List.copyOf(records);
        records.clear();
        return taken;
    }

    /** Adds a record, which is not durable before {@link #force}. */
    public void append(byte[] record) {
        if (record.length == 0 || record.length > MAX_RECORD_BYTES) {
            throw new IllegalArgumentException(
                    "a record has 1 to " + MAX_RECORD_BYTES + " bytes, not " + record.length);
        }
        int length = Integer.BYTES + record.length;
        if (pending.remaining() < length) {
            ByteBuffer larger = ByteBuffer.allocate(2 * (pending.capacity() + length));
            pending = larger.put(pending.flip());
        }
        pending.putInt(record.length).put(record);
    }

    /** Makes all records durable. After a failure nothing is known of them, and the journal must not be used any more. */
    public void force() throws IOException {
        if (pending.position() == HEAD_BYTES) {
            return;
        }
        pending.flip();
        int length = pending.remaining() - HEAD_BYTES;
        pending.putInt(0, length).putInt(Integer.BYTES, checksum(pending.slice(HEAD_BYTES, length)));
        reserve(end + pending.remaining());
        while (pending.hasRemaining()) {
            end += channel.write(pending, end);
        }
        channel.force(false);
        pending.clear().position(HEAD_BYTES);
    }

    /** A file that does not grow with each write is forced in half the time, since its length need not be written too. */
    private void reserve(long length) throws IOException {
        if (length > reserved) {
            // Zeros, not a hole, whose blocks would have to be found later.
            ByteBuffer zeros = ByteBuffer.allocate(STEP_BYTES);
            reserved = length;
            while (zeros.hasRemaining()) {
                reserved += channel.write(zeros, reserved);
            }
            channel.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
