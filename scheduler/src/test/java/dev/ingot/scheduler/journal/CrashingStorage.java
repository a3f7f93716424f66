package dev.ingot.scheduler.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Files in memory that know what of them is on the disk. After a given number of changes there is a crash, from which on everything fails.
 * What is found {@linkplain #afterCrash afterwards} is what was forced, and of each later change all, nothing or, of a write, any part;
 * or, where only the process was killed, everything, without its being on the disk.
 */
final class CrashingStorage implements Storage {
    private int changesLeft;
    private int changes;
    private final Map<String, FakeFile> names = new TreeMap<>();
    private Map<String, FakeFile> durableNames = new TreeMap<>();
    private final List<Consumer<Map<String, FakeFile>>> namesSince = new ArrayList<>();

    CrashingStorage(int changesLeft) {
        this.changesLeft = changesLeft;
    }

    /** How many changes there have been. */
    int changes() {
        return changes;
    }

    private interface Change {
        byte[] applyTo(byte[] bytes);
    }

    private static final class FakeFile {
        byte[] bytes;
        byte[] durable;
        final List<Change> since = new ArrayList<>();

        FakeFile(byte[] bytes) {
            this.bytes = bytes;
            this.durable = bytes.clone();
        }

        void change(Change change) {
            bytes = change.applyTo(bytes);
            since.add(change);
        }

        byte[] afterCrash(Random random) {
            byte[] result = durable;
            for (Change change : since) {
                if (random.nextBoolean()) {
                    result = change.applyTo(result);
                } else if (change instanceof Write write && random.nextBoolean()) {
                    result = write.part(random).applyTo(result);
                }
            }
            return result;
        }
    }

    private static final class Write implements Change {
        private final byte[] content;
        private final int position;
        private final int from;
        private final int to;

        Write(byte[] content, int position, int from, int to) {
            this.content = content;
            this.position = position;
            this.from = from;
            this.to = to;
        }

        @Override
        public byte[] applyTo(byte[] bytes) {
            byte[] result = Arrays.copyOf(bytes, Math.max(bytes.length, position + to));
            System.arraycopy(content, from, result, position + from, to - from);
            return result;
        }

        Write part(Random random) {
            int first = random.nextInt(content.length + 1);
            int second = random.nextInt(content.length + 1);
            return new Write(content, position, Math.min(first, second), Math.max(first, second));
        }
    }

    private record Truncation(int size) implements Change {
        @Override
        public byte[] applyTo(byte[] bytes) {
            return Arrays.copyOf(bytes, size);
        }
    }

    /** What is found by whoever comes after the crash. */
    CrashingStorage afterCrash(Random random, int changesUntilTheNext) {
        CrashingStorage found = new CrashingStorage(changesUntilTheNext);
        boolean machineSurvives = random.nextInt(4) == 0;
        if (machineSurvives) {
            found.names.putAll(names);
            found.durableNames = durableNames;
            found.namesSince.addAll(namesSince);
            return found;
        }
        found.names.putAll(durableNames);
        for (Consumer<Map<String, FakeFile>> change : namesSince) {
            if (random.nextBoolean()) {
                change.accept(found.names);
            }
        }
        found.names.replaceAll((name, file) -> new FakeFile(file.afterCrash(random)));
        found.durableNames = new TreeMap<>(found.names);
        return found;
    }

    /** Counts a change; the last one before a crash may yet happen in part. */
    private void count() throws IOException {
        requireUp();
        changes++;
        changesLeft--;
    }

    private void requireUp() throws IOException {
        if (changesLeft <= 0) {
            throw new IOException("crashed");
        }
    }

    private FakeFile file(String name) throws IOException {
        FakeFile file = names.get(name);
        if (file == null) {
            throw new IOException("there is no " + name);
        }
        return file;
    }

    private void change(Consumer<Map<String, FakeFile>> change) {
        change.accept(names);
        namesSince.add(change);
    }

    @Override
    public List<String> names() throws IOException {
        requireUp();
        return List.copyOf(names.keySet());
    }

    @Override
    public Content openToRead(String name) throws IOException {
        requireUp();
        if (!names.containsKey(name)) {
            throw new NoSuchFileException(name);
        }
        return new FakeContent(file(name));
    }

    @Override
    public Content open(String name) throws IOException {
        requireUp();
        if (!names.containsKey(name)) {
            count();
            FakeFile created = new FakeFile(new byte[0]);
            change(map -> map.put(name, created));
        }
        return new FakeContent(file(name));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        count();
        if (names.containsKey(to)) {
            throw new IOException("there is a " + to);
        }
        FakeFile file = file(from);
        change(map -> {
            map.remove(from);
            map.put(to, file);
        });
    }

    @Override
    public void delete(String name) throws IOException {
        count();
        file(name);
        change(map -> map.remove(name));
    }

    @Override
    public void forceNames() throws IOException {
        count();
        durableNames = new TreeMap<>(names);
        namesSince.clear();
    }

    private final class FakeContent implements Content {
        private final FakeFile file;

        FakeContent(FakeFile file) {
            this.file = file;
        }

        @Override
        public long size() throws IOException {
            requireUp();
            return file.bytes.length;
        }

        @Override
        public void read(ByteBuffer target, long position) throws IOException {
            requireUp();
            int length = Math.min(target.remaining(), file.bytes.length - (int) position);
            target.put(file.bytes, (int) position, length);
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            count();
            byte[] content = new byte[source.remaining()];
            source.get(content);
            file.change(new Write(content, (int) position, 0, content.length));
        }

        @Override
        public void truncate(long size) throws IOException {
            count();
            file.change(new Truncation((int) size));
        }

        @Override
        public void force() throws IOException {
            count();
            file.durable = file.bytes.clone();
            file.since.clear();
        }

        @Override
        public void close() {
            // Nothing becomes durable by this.
        }
    }
}
