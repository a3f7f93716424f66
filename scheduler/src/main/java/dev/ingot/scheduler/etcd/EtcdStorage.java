package dev.ingot.scheduler.etcd;

import dev.ingot.scheduler.etcd.EtcdClient.Change;
import dev.ingot.scheduler.etcd.EtcdClient.Entry;
import dev.ingot.scheduler.journal.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Files in etcd: a key for each name, which says where the content is, and a key for each extent of a content. Files are only appended to
 * and cut off where an append began. What the leader of the pool writes is fenced; who is not leader may read.
 *
 * <pre>
 *   PREFIX name/log-3                        -> 817-2       the content's number: leadership, and which of its contents
 *   PREFIX data/817-2/0000000000000000       -> bytes       by their place in the file
 *   PREFIX data/817-2/0000000000000a31       -> bytes
 * </pre>
 */
public final class EtcdStorage implements Storage {
    /** Far below what etcd takes at once, and so many that an answer does not become too long. */
    private static final int EXTENT_BYTES = 16 << 10;

    private static final int MOST_EXTENTS = 64;
    private static final int READ_EXTENTS = 128;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int HEX = 16;

    private final EtcdClient etcd;
    private final String prefix;
    private final @Nullable Leadership leadership;

    /**
     * @param prefix of all keys of the pool
     * @param leadership null to read only
     */
    public EtcdStorage(EtcdClient etcd, String prefix, @Nullable Leadership leadership) {
        this.etcd = etcd;
        this.prefix = prefix;
        this.leadership = leadership;
    }

    private Leadership leadership() throws IOException {
        Leadership owned = leadership;
        if (owned == null) {
            throw new IOException("only who runs the pool may write its journal");
        }
        return owned;
    }

    private String nameKey(String name) {
        return prefix + "name/" + name;
    }

    private String dataKeys(String content) {
        return prefix + "data/" + content + "/";
    }

    @Override
    public List<String> names() throws IOException {
        String names = nameKey("");
        return etcd.range(names, EtcdClient.behind(names), 0, true, false, PATIENCE).stream()
                .map(entry -> entry.key().substring(names.length()))
                .toList();
    }

    @Override
    public Content open(String name) throws IOException {
        String content = content(name);
        if (content == null) {
            Leadership owned = leadership();
            String fresh = owned.uniqueName();
            owned.commit(List.of(Change.put(nameKey(name), fresh.getBytes(StandardCharsets.UTF_8))));
            return new Extents(fresh, 0);
        }
        return new Extents(content, size(content));
    }

    @Override
    public Content openToRead(String name) throws IOException {
        String content = content(name);
        if (content == null) {
            throw new NoSuchFileException(nameKey(name));
        }
        return new Extents(content, size(content));
    }

    private @Nullable String content(String name) throws IOException {
        Entry entry = etcd.get(nameKey(name), PATIENCE);
        return entry == null ? null : new String(entry.value(), StandardCharsets.UTF_8);
    }

    private long size(String content) throws IOException {
        String keys = dataKeys(content);
        List<Entry> last = etcd.range(keys, EtcdClient.behind(keys), 1, false, true, PATIENCE);
        return last.isEmpty() ? 0 : place(last.get(0)) + last.get(0).value().length;
    }

    private static long place(Entry extent) {
        return Long.parseLong(extent.key().substring(extent.key().lastIndexOf('/') + 1), HEX);
    }

    private String extentKey(String content, long place) {
        return dataKeys(content) + String.format(Locale.ROOT, "%016x", place);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        String content = content(from);
        if (content == null) {
            throw new NoSuchFileException(nameKey(from));
        }
        List<Change> changes = new ArrayList<>(List.of(
                Change.delete(nameKey(from)), Change.put(nameKey(to), content.getBytes(StandardCharsets.UTF_8))));
        String replaced = content(to);
        if (replaced != null) {
            changes.add(Change.deleteRange(dataKeys(replaced), EtcdClient.behind(dataKeys(replaced))));
        }
        leadership().commit(changes);
    }

    @Override
    public void delete(String name) throws IOException {
        String content = content(name);
        if (content == null) {
            throw new NoSuchFileException(nameKey(name));
        }
        String keys = dataKeys(content);
        leadership().commit(List.of(Change.delete(nameKey(name)), Change.deleteRange(keys, EtcdClient.behind(keys))));
    }

    @Override
    public void forceNames() {
        // They are durable when the call that changed them returns.
    }

    @Override
    public void confirm() throws IOException {
        leadership().confirm();
    }

    private final class Extents implements Content {
        private final String content;
        private final List<Change> pending = new ArrayList<>();
        /** Some that were read, by their places, without a gap. */
        private final NavigableMap<Long, byte[]> window = new TreeMap<>();

        private long size;

        Extents(String content, long size) {
            this.content = content;
            this.size = size;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public void read(ByteBuffer target, long position) throws IOException {
            long place = position;
            while (target.hasRemaining() && place < size) {
                byte[] extent = extentAt(place);
                long begin = window.floorKey(place) == null ? place : window.floorKey(place);
                int from = (int) (place - begin);
                int length = Math.min(target.remaining(), extent.length - from);
                target.put(extent, from, length);
                place += length;
            }
        }

        private byte[] extentAt(long place) throws IOException {
            Map.Entry<Long, byte[]> known = window.floorEntry(place);
            if (known == null || known.getKey() + known.getValue().length <= place) {
                load(place);
                known = window.floorEntry(place);
            }
            if (known == null || known.getKey() + known.getValue().length <= place) {
                throw new IOException("byte " + place + " of " + dataKeys(content) + " is missing in etcd");
            }
            return known.getValue();
        }

        private void load(long place) throws IOException {
            window.clear();
            String first = dataKeys(content);
            List<Entry> begin = etcd.range(first, extentKey(content, place + 1), 1, true, true, PATIENCE);
            if (!begin.isEmpty()) {
                etcd.range(begin.get(0).key(), EtcdClient.behind(first), READ_EXTENTS, false, false, PATIENCE)
                        .forEach(extent -> window.put(place(extent), extent.value()));
            }
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            if (source.hasRemaining() && position != size) {
                throw new IllegalArgumentException("a file in etcd is only appended to");
            }
            while (source.hasRemaining()) {
                byte[] extent = new byte[Math.min(EXTENT_BYTES, source.remaining())];
                source.get(extent);
                pending.add(Change.put(extentKey(content, size), extent));
                size += extent.length;
                if (pending.size() == MOST_EXTENTS) {
                    commit();
                }
            }
        }

        private void commit() throws IOException {
            if (!pending.isEmpty()) {
                leadership().commit(pending);
                pending.clear();
            }
        }

        @Override
        public void truncate(long length) throws IOException {
            commit();
            window.clear();
            leadership()
                    .commit(List.of(
                            Change.deleteRange(extentKey(content, length), EtcdClient.behind(dataKeys(content)))));
            size = EtcdStorage.this.size(content);
            if (size > length) {
                throw new IOException("cannot cut off " + dataKeys(content) + " at byte " + length
                        + ", which is amid what was written at once");
            }
        }

        @Override
        public void force() throws IOException {
            commit();
        }

        @Override
        public void close() {
            // What was not forced need not be there.
        }
    }
}
