package dev.ingot.agent.transform;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The classes in a file of woven ones, one record each, one behind the other; read where they lie, so a large file costs what is used of it.
 *
 * <p>A record is a mark, a checksum of all that follows in it, the sum and length of the class file that was woven, marks, three lengths (−1 for
 * what is absent), then name, woven class file and sites. All numbers are little-endian. A checksum is looked at when its record
 * is found. Records end where the next one is not whole, as after a crash. Immutable, therefore thread-safe.
 */
final class WovenRecords {
    private static final int MARK = 0x49574352;
    private static final int ABSENT = -1;
    private static final int EARLY = 1;
    private static final int OUTGROWN = 2;
    private static final int SPECIAL = 4;

    private static final int CHECKSUM_AT = Integer.BYTES;
    private static final int CHECKED_FROM = CHECKSUM_AT + Integer.BYTES;
    private static final int SUM_AT = CHECKED_FROM;
    private static final int LENGTH_AT = SUM_AT + Long.BYTES;
    private static final int MARKS_AT = LENGTH_AT + Integer.BYTES;
    private static final int NAME_LENGTH_AT = MARKS_AT + Integer.BYTES;
    private static final int WOVEN_LENGTH_AT = NAME_LENGTH_AT + Integer.BYTES;
    private static final int SITES_LENGTH_AT = WOVEN_LENGTH_AT + Integer.BYTES;
    private static final int HEADER = SITES_LENGTH_AT + Integer.BYTES;
    private static final int FREE = -1;

    private final ByteBuffer content;
    private final int[] records;
    private final int count;
    private final int end;
    /** Open addressing by the sum of the class file: where a record begins, or {@link #FREE}. */
    private final int[] table;

    private WovenRecords(ByteBuffer content, int[] records, int count, int end) {
        this.content = content;
        this.records = records;
        this.count = count;
        this.end = end;
        this.table = new int[Math.max(2, Integer.highestOneBit(Math.max(1, count)) << 2)];
        Arrays.fill(table, FREE);
        for (int i = 0; i < count; i++) {
            int slot = slot(content.getLong(records[i] + SUM_AT));
            while (table[slot] != FREE) {
                slot = (slot + 1) & (table.length - 1);
            }
            table[slot] = records[i];
        }
    }

    /** None; there is no file for them. */
    static WovenRecords none() {
        return none(0);
    }

    /** None yet in a file of which {@code end} bytes are written. */
    static WovenRecords none(int end) {
        return new WovenRecords(ByteBuffer.allocate(0), new int[0], 0, end);
    }

    /**
     * Those in {@code file} from {@code begin} on.
     *
     * @param file the file from its beginning; what is in the records must not change any more
     */
    static WovenRecords of(ByteBuffer file, int begin) {
        ByteBuffer content = file.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int[] records = new int[1024];
        int count = 0;
        int at = begin;
        for (int next = next(content, at); next > 0; next = next(content, at)) {
            if (count == records.length) {
                records = Arrays.copyOf(records, 2 * count);
            }
            records[count++] = at;
            at = next;
        }
        return new WovenRecords(content, records, count, at);
    }

    /** Where the record at {@code at} ends, or 0 if no whole one is there. */
    private static int next(ByteBuffer content, int at) {
        if (content.capacity() - at < HEADER || content.getInt(at) != MARK) {
            return 0;
        }
        int name = content.getInt(at + NAME_LENGTH_AT);
        int woven = content.getInt(at + WOVEN_LENGTH_AT);
        int sites = content.getInt(at + SITES_LENGTH_AT);
        if (name < 0 || woven < ABSENT || sites < ABSENT) {
            return 0;
        }
        long next = (long) at + HEADER + name + Math.max(0, woven) + Math.max(0, sites);
        return next > content.capacity() ? 0 : (int) next;
    }

    /** A record of its own, for the end of a file. */
    static byte[] write(WovenKey key, WovenCache.Entry entry) {
        byte[] name = key.name().getBytes(StandardCharsets.UTF_8);
        ByteBuffer woven = entry.classFile();
        ByteBuffer sites = entry.sites();
        ByteBuffer record = ByteBuffer.allocate(HEADER + name.length + entry.size())
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(MARK)
                .putInt(0)
                .putLong(key.sum())
                .putInt(key.length())
                .putInt((entry.early() ? EARLY : 0)
                        | (entry.outgrown() ? OUTGROWN : 0)
                        | (entry.special() ? SPECIAL : 0))
                .putInt(name.length)
                .putInt(woven == null ? ABSENT : woven.remaining())
                .putInt(sites == null ? ABSENT : sites.remaining())
                .put(name);
        if (woven != null) {
            record.put(woven.duplicate());
        }
        if (sites != null) {
            record.put(sites.duplicate());
        }
        return record.putInt(CHECKSUM_AT, checksum(record, CHECKED_FROM, record.position()))
                .array();
    }

    /** How many bytes {@link #write} makes of it. */
    static int sizeOf(WovenKey key, WovenCache.Entry entry) {
        return HEADER + key.name().length() + entry.size();
    }

    /** Where the next record has its place in the file. */
    int end() {
        return end;
    }

    boolean contains(WovenKey key) {
        return position(key) != FREE;
    }

    /** What became of a class when it was woven before, or {@code null} if that is not known or its record is damaged. */
    WovenCache.@Nullable Entry find(WovenKey key) {
        int record = position(key);
        return record == FREE ? null : entry(record);
    }

    /** Where the whole record of the class begins, or {@link #FREE}; a damaged one may have another behind it. */
    private int position(WovenKey key) {
        for (int slot = slot(key.sum()); table[slot] != FREE; slot = (slot + 1) & (table.length - 1)) {
            int record = table[slot];
            if (content.getLong(record + SUM_AT) == key.sum()
                    && content.getInt(record + LENGTH_AT) == key.length()
                    && isWhole(record)
                    && name(record).equals(key.name())) {
                return record;
            }
        }
        return FREE;
    }

    /** Names of the classes whose record is whole and that every start has to weave. */
    List<String> early() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if ((content.getInt(records[i] + MARKS_AT) & EARLY) != 0
                    && content.getInt(records[i] + WOVEN_LENGTH_AT) != ABSENT
                    && isWhole(records[i])) {
                names.add(name(records[i]));
            }
        }
        return names;
    }

    /** Names of the classes whose record is whole and says that there was nothing to weave in them. */
    List<String> leftAlone() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (content.getInt(records[i] + WOVEN_LENGTH_AT) == ABSENT
                    && (content.getInt(records[i] + MARKS_AT) & SPECIAL) == 0
                    && isWhole(records[i])) {
                names.add(name(records[i]));
            }
        }
        return names;
    }

    private boolean isWhole(int record) {
        int next = next(content, record);
        return next > 0 && content.getInt(record + CHECKSUM_AT) == checksum(content, record + CHECKED_FROM, next);
    }

    private String name(int record) {
        byte[] name = new byte[content.getInt(record + NAME_LENGTH_AT)];
        content.duplicate().position(record + HEADER).get(name);
        return new String(name, StandardCharsets.UTF_8);
    }

    private WovenCache.Entry entry(int record) {
        int marks = content.getInt(record + MARKS_AT);
        int woven = content.getInt(record + WOVEN_LENGTH_AT);
        int sites = content.getInt(record + SITES_LENGTH_AT);
        int wovenAt = record + HEADER + content.getInt(record + NAME_LENGTH_AT);
        return new WovenCache.Entry(
                block(wovenAt, woven),
                block(wovenAt + Math.max(0, woven), sites),
                (marks & OUTGROWN) != 0,
                (marks & EARLY) != 0,
                (marks & SPECIAL) != 0);
    }

    private @Nullable ByteBuffer block(int at, int length) {
        return length == ABSENT ? null : content.slice(at, length).order(ByteOrder.LITTLE_ENDIAN);
    }

    private int slot(long sum) {
        return (int) (sum ^ sum >>> Integer.SIZE) & (table.length - 1);
    }

    private static int checksum(ByteBuffer content, int begin, int end) {
        CRC32 crc = new CRC32();
        crc.update(content.duplicate().limit(end).position(begin));
        return (int) crc.getValue();
    }
}
