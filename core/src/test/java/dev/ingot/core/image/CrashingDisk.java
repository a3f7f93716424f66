package dev.ingot.core.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The real file system until the power is cut at a chosen operation. Keeps a journal of what was asked for, from which
 * {@link #afterwards} makes a state that a file system may be found in after that cut: what was forced is there; of the rest each
 * write and each change of a directory may be there or not, and the last write in part.
 */
final class CrashingDisk implements Disk {
    private final Disk real = new FileDisk();
    private final Path root;
    private final int cut;
    private final Directory before = new Directory();
    private final List<Operation> journal = new ArrayList<>();
    private int operations;
    private int files;
    private boolean dead;

    /** @param cut before which operation of the journal the power goes, counted from 0 */
    CrashingDisk(Path root, int cut) throws IOException {
        this.root = root;
        this.cut = cut;
        load(root, before);
    }

    private void load(Path directory, Directory into) throws IOException {
        try (var entries = Files.list(directory)) {
            for (Path entry : entries.toList()) {
                String name = entry.getFileName().toString();
                if (Files.isDirectory(entry)) {
                    Directory below = new Directory();
                    into.entries.put(name, below);
                    load(entry, below);
                } else {
                    into.entries.put(name, new Content(Files.readAllBytes(entry)));
                }
            }
        }
    }

    boolean isDead() {
        return dead;
    }

    private synchronized void journal(Operation operation) throws IOException {
        if (dead || operations++ == cut) {
            dead = true;
            throw new IOException("the power is cut");
        }
        journal.add(operation);
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        for (Path path = root; !path.equals(directory); ) {
            path = path.resolve(path.relativize(directory).getName(0));
            if (!Files.exists(path)) {
                journal(new MakeDirectory(path));
            }
        }
        real.createDirectories(directory);
    }

    @Override
    public Output create(Path file) throws IOException {
        return new CrashingFile<>(newFile(file), real.create(file));
    }

    /** Of a new file only. */
    @Override
    public @Nullable Growing grow(Path file) throws IOException {
        assert !Files.exists(file);
        int id = newFile(file);
        Growing growing = real.grow(file);
        return growing == null ? null : new CrashingGrowingFile(id, growing);
    }

    private int newFile(Path file) throws IOException {
        int id = files++;
        journal(new Create(file, id));
        return id;
    }

    private class CrashingFile<T extends Output> implements Output {
        private final int id;
        final T output;

        CrashingFile(int id, T output) {
            this.id = id;
            this.output = output;
        }

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            byte[] content = new byte[bytes.remaining()];
            bytes.duplicate().get(content);
            journal(new Write(id, content));
            output.write(bytes);
        }

        @Override
        public void force() throws IOException {
            journal(new ForceFile(id));
            output.force();
        }

        @Override
        public void close() throws IOException {
            output.close();
        }
    }

    private final class CrashingGrowingFile extends CrashingFile<Growing> implements Growing {
        CrashingGrowingFile(int id, Growing output) {
            super(id, output);
        }

        @Override
        public long size() throws IOException {
            return output.size();
        }

        @Override
        public int read(ByteBuffer bytes, long offset) throws IOException {
            return output.read(bytes, offset);
        }

        @Override
        public void truncate(long size) throws IOException {
            assert size == output.size();
        }
    }

    @Override
    public void force(Path directory) throws IOException {
        journal(new ForceDirectory(directory));
        real.force(directory);
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        journal(new Move(from, to));
        real.move(from, to);
    }

    @Override
    public void link(Path existing, Path name) throws IOException {
        journal(new Link(existing, name));
        real.link(existing, name);
    }

    @Override
    public void deleteTree(Path directory) throws IOException {
        journal(new Delete(directory));
        real.deleteTree(directory);
    }

    @Override
    public long usableBytes(Path directory) throws IOException {
        return real.usableBytes(directory);
    }

    /** What is kept of that which nothing forced. */
    enum Unforced {
        KEPT,
        LOST,
        BY_CHANCE
    }

    /** Makes {@code target} what the disk may be after the cut. */
    void afterwards(Path target, Unforced unforced, Random random) throws IOException {
        Directory state = before.copy();
        Map<Integer, Content> contents = new HashMap<>();
        for (int i = 0; i < journal.size(); i++) {
            Operation operation = journal.get(i);
            boolean kept = isForced(i)
                    || switch (unforced) {
                        case KEPT -> true;
                        case LOST -> false;
                        case BY_CHANCE -> random.nextBoolean();
                    };
            boolean torn = i == journal.size() - 1 && unforced == Unforced.BY_CHANCE;
            apply(operation, kept, torn ? random : null, state, contents);
        }
        state.writeTo(target);
    }

    private boolean isForced(int index) {
        Operation operation = journal.get(index);
        for (Operation later : journal.subList(index + 1, journal.size())) {
            if (later instanceof ForceFile force && operation instanceof Write write && write.id == force.id) {
                return true;
            }
            if (later instanceof ForceDirectory force && force.directory.equals(operation.changed())) {
                return true;
            }
        }
        return false;
    }

    private void apply(
            Operation operation, boolean kept, @Nullable Random torn, Directory state, Map<Integer, Content> contents) {
        if (operation instanceof Write write) {
            byte[] bytes = write.bytes;
            int there = torn == null ? bytes.length : torn.nextInt(bytes.length + 1);
            content(write.id, contents).write(bytes, kept ? there : 0);
        } else if (operation instanceof Create create && kept) {
            put(state, create.file, content(create.id, contents));
        } else if (operation instanceof MakeDirectory make && kept) {
            put(state, make.directory, new Directory());
        } else if (operation instanceof Move move && kept) {
            Node moved = state.remove(names(move.from));
            if (moved != null) {
                put(state, move.to, moved);
            }
        } else if (operation instanceof Link link && kept) {
            Node linked = state.find(names(link.existing));
            if (linked != null) {
                put(state, link.name, linked);
            }
        } else if (operation instanceof Delete delete && kept) {
            Node removed = state.remove(names(delete.directory));
            assert removed == null || removed != state;
        }
    }

    private static Content content(int id, Map<Integer, Content> contents) {
        return contents.computeIfAbsent(id, unknown -> new Content(new byte[0]));
    }

    private void put(Directory state, Path path, Node node) {
        List<String> names = names(path);
        Directory parent = state;
        for (String name : names.subList(0, names.size() - 1)) {
            if (!(parent.entries.computeIfAbsent(name, unknown -> new Directory()) instanceof Directory below)) {
                return;
            }
            parent = below;
        }
        parent.entries.put(names.get(names.size() - 1), node);
    }

    private List<String> names(Path path) {
        List<String> names = new ArrayList<>();
        root.relativize(path).forEach(name -> names.add(name.toString()));
        return names;
    }

    /** What the disk was asked for. */
    private interface Operation {
        /** The directory in which it changes an entry, if any. */
        default @Nullable Path changed() {
            return null;
        }
    }

    private record MakeDirectory(Path directory) implements Operation {
        @Override
        public @Nullable Path changed() {
            return directory.getParent();
        }
    }

    private record Create(Path file, int id) implements Operation {
        @Override
        public @Nullable Path changed() {
            return file.getParent();
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Write(int id, byte[] bytes) implements Operation {}

    private record ForceFile(int id) implements Operation {}

    private record ForceDirectory(Path directory) implements Operation {}

    private record Move(Path from, Path to) implements Operation {
        @Override
        public @Nullable Path changed() {
            return to.getParent();
        }
    }

    private record Link(Path existing, Path name) implements Operation {
        @Override
        public @Nullable Path changed() {
            return name.getParent();
        }
    }

    private record Delete(Path directory) implements Operation {
        @Override
        public @Nullable Path changed() {
            return directory.getParent();
        }
    }

    private interface Node {
        Node copy();

        void writeTo(Path path) throws IOException;
    }

    private static final class Directory implements Node {
        private final Map<String, Node> entries = new TreeMap<>();

        @Nullable Node find(List<String> names) {
            Node below = entries.get(names.get(0));
            boolean last = names.size() == 1;
            return last || !(below instanceof Directory directory)
                    ? below
                    : directory.find(names.subList(1, names.size()));
        }

        @Nullable Node remove(List<String> names) {
            Node below = entries.get(names.get(0));
            if (names.size() == 1) {
                return entries.remove(names.get(0));
            }
            return below instanceof Directory directory ? directory.remove(names.subList(1, names.size())) : null;
        }

        @Override
        public Directory copy() {
            Directory copy = new Directory();
            entries.forEach((name, node) -> copy.entries.put(name, node.copy()));
            return copy;
        }

        @Override
        public void writeTo(Path path) throws IOException {
            Files.createDirectories(path);
            for (Map.Entry<String, Node> entry : entries.entrySet()) {
                entry.getValue().writeTo(path.resolve(entry.getKey()));
            }
        }
    }

    private static final class Content implements Node {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        /** Bytes that were written and are not there; zeros if anything behind them is. */
        private int lost;

        Content(byte[] bytes) {
            this.bytes.writeBytes(bytes);
        }

        void write(byte[] written, int there) {
            if (there > 0) {
                bytes.writeBytes(new byte[lost]);
                bytes.write(written, 0, there);
                lost = 0;
            }
            lost += written.length - there;
        }

        @Override
        public Content copy() {
            return new Content(bytes.toByteArray());
        }

        @Override
        public void writeTo(Path path) throws IOException {
            Files.write(path, bytes.toByteArray());
        }
    }
}
