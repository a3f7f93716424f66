package dev.ingot.core.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** The real file system until its budget of operations is spent; then writing fails, as on a full disk. */
final class FailingDisk implements Disk {
    private final Disk real = new FileDisk();
    private int operationsLeft;
    private int failures;

    FailingDisk(int operations) {
        operationsLeft = operations;
    }

    int failures() {
        return failures;
    }

    private synchronized void spend() throws IOException {
        if (operationsLeft-- <= 0) {
            failures++;
            throw new IOException("No space left on device");
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
    public void deleteTree(Path directory) throws IOException {
        real.deleteTree(directory);
    }

    @Override
    public long usableBytes(Path directory) throws IOException {
        return real.usableBytes(directory);
    }
}
