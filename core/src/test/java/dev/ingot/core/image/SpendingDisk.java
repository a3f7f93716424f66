package dev.ingot.core.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The real file system, each operation of which that changes anything may be made to fail before it is done. */
abstract class SpendingDisk implements Disk {
    private final Disk real = new FileDisk();

    /** Called before each such operation; what it throws is how the operation fails. */
    abstract void spend() throws IOException;

    /** Called instead before each piece that is written to a file. */
    void spendOn(Output file, ByteBuffer bytes) throws IOException {
        spend();
    }

    @Override
    public final void createDirectories(Path directory) throws IOException {
        spend();
        real.createDirectories(directory);
    }

    @Override
    public final Output create(Path file) throws IOException {
        spend();
        return new SpendingOutput<>(real.create(file));
    }

    @Override
    public final @Nullable Growing grow(Path file) throws IOException {
        spend();
        Growing growing = real.grow(file);
        return growing == null ? null : new SpendingFile(growing);
    }

    @Override
    public final void force(Path directory) throws IOException {
        spend();
        real.force(directory);
    }

    @Override
    public final void move(Path from, Path to) throws IOException {
        spend();
        real.move(from, to);
    }

    @Override
    public final void link(Path existing, Path name) throws IOException {
        spend();
        real.link(existing, name);
    }

    /** A full disk deletes as any other does. */
    @Override
    public void deleteTree(Path directory) throws IOException {
        real.deleteTree(directory);
    }

    @Override
    public final long usableBytes(Path directory) throws IOException {
        return real.usableBytes(directory);
    }

    private class SpendingOutput<F extends Output> implements Output {
        final F file;

        SpendingOutput(F file) {
            this.file = file;
        }

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            spendOn(file, bytes);
            file.write(bytes);
        }

        @Override
        public void force() throws IOException {
            spend();
            file.force();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    private final class SpendingFile extends SpendingOutput<Growing> implements Growing {
        SpendingFile(Growing file) {
            super(file);
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
    }
}
