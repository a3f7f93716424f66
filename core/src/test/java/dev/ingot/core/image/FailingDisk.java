package dev.ingot.core.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The real file system until its budget of operations is spent; then writing fails, as on a full or broken disk. */
final class FailingDisk implements Disk {
    private final Disk real = new FileDisk();
    private final String message;
    private int operationsLeft;
    private int failures;

    FailingDisk(int operations) {
        this(operations, "No space left on device");
    }

    /** @param message of the operating system */
    FailingDisk(int operations, String message) {
        this.operationsLeft = operations;
        this.message = message;
    }

    int failures() {
        return failures;
    }

    private synchronized void spend() throws IOException {
        if (operationsLeft-- <= 0) {
            failures++;
            throw new IOException(message);
        }
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        spend();
        real.createDirectories(directory);
    }

    @Override
    public Output create(Path file) throws IOException {
        spend();
        Output output = real.create(file);
        return new Output() {
            @Override
            public void write(ByteBuffer bytes) throws IOException {
                spend();
                output.write(bytes);
            }

            @Override
            public void force() throws IOException {
                spend();
                output.force();
            }

            @Override
            public void close() throws IOException {
                output.close();
            }
        };
    }

    @Override
    public @Nullable Growing grow(Path file) throws IOException {
        spend();
        Growing growing = real.grow(file);
        return growing == null ? null : new FailingFile(growing);
    }

    @Override
    public void force(Path directory) throws IOException {
        spend();
        real.force(directory);
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        spend();
        real.move(from, to);
    }

    @Override
    public void link(Path existing, Path name) throws IOException {
        spend();
        real.link(existing, name);
    }

    @Override
    public void deleteTree(Path directory) throws IOException {
        real.deleteTree(directory);
    }

    @Override
    public long usableBytes(Path directory) throws IOException {
        return real.usableBytes(directory);
    }

    private final class FailingFile implements Growing {
        private final Growing file;

        FailingFile(Growing file) {
            this.file = file;
        }

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            spend();
            file.write(bytes);
        }

        @Override
        public void force() throws IOException {
            spend();
            file.force();
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public int read(ByteBuffer bytes, long offset) throws IOException {
            return file.read(bytes, offset);
        }

        @Override
        public void truncate(long size) throws IOException {
            spend();
            file.truncate(size);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
