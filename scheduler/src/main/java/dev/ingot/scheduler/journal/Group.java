package dev.ingot.scheduler.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Records that are written together: the group's length, its checksum, and each record behind its length. Not thread-safe.
 */
final class Group {
    static final int HEAD_BYTES = 8;

    /** With room for its head. */
    private ByteBuffer bytes = ByteBuffer.allocate(1 << 16).position(HEAD_BYTES);

    boolean isEmpty() {
        return bytes.position() == HEAD_BYTES;
    }

    int size() {
        return bytes.position();
    }

    void add(byte[] record) {
        int length = Integer.BYTES + record.length;
        if (bytes.remaining() < length) {
            ByteBuffer larger = ByteBuffer.allocate(2 * (bytes.capacity() + length));
            bytes = larger.put(bytes.flip());
        }
        bytes.putInt(record.length).put(record);
    }

    /** All of it, to be written; {@link #clear} begins the next one. */
    ByteBuffer seal() {
        bytes.flip();
        int length = bytes.remaining() - HEAD_BYTES;
        return bytes.putInt(0, length).putInt(Integer.BYTES, checksum(bytes.slice(HEAD_BYTES, length)));
    }

    void clear() {
        bytes.clear().position(HEAD_BYTES);
    }

    /** The records of the group at {@code place} of a file; null if there is no whole one. */
    static @Nullable ByteBuffer read(Storage.Content file, long place) throws IOException {
        long behind = file.size() - place - HEAD_BYTES;
        if (behind < 0) {
            return null;
        }
        ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
        file.read(head, place);
        int length = head.getInt(0);
        if (length <= 0 || length > behind) {
            return null;
        }
        ByteBuffer records = ByteBuffer.allocate(length);
        file.read(records, place + HEAD_BYTES);
        records.flip();
        return checksum(records) == head.getInt(Integer.BYTES) ? records : null;
    }

    /** Takes the next record off a group. */
    static byte[] next(ByteBuffer group) {
        byte[] record = new byte[group.getInt()];
        group.get(record);
        return record;
    }

    private static int checksum(ByteBuffer records) {
        CRC32C sum = new CRC32C();
        sum.update(records.duplicate());
        return (int) sum.getValue();
    }
}
