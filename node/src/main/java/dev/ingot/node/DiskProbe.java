package dev.ingot.node;

import dev.ingot.scheduler.pool.Probe;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Whether the disk keeps a little, how soon, and whether it has room. */
final class DiskProbe implements SelfProbe {
    private static final int BYTES = 64 * 1024;
    private static final long MIB = 1 << 20;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Path directory;
    private final ProbeLimits limits;
    private final LongSupplier nanos;
    private final byte[] content = new byte[BYTES];
    private boolean wasSlow;

    /**
     * A probe of the disk on which a directory is.
     *
     * @param directory in which it writes and deletes a file of its own
     * @param nanos a clock that does not jump
     */
    DiskProbe(Path directory, ProbeLimits limits, LongSupplier nanos) {
        this.nanos = nanos;
        this.directory = directory;
        this.limits = limits;
        new Random().nextBytes(content);
    }

    @Override
    public Probe kind() {
        return Probe.DISK;
    }

    @Override
    public @Nullable String look() throws IOException {
        long room = Files.getFileStore(directory).getUsableSpace() / MIB;
        if (room < limits.roomMiB()) {
            return "there are " + room + " MiB of room, less than " + limits.roomMiB();
        }
        long began = nanos.getAsLong();
        try {
            if (!keeps()) {
                return "it does not give back what was written";
            }
        } catch (IOException failure) {
            return "it keeps nothing: " + failure.getMessage();
        }
        long millis = (nanos.getAsLong() - began) / NANOS_PER_MILLI;
        boolean slow = millis > limits.disk().toMillis();
        // Anybody may write much once.
        boolean twice = slow && wasSlow;
        wasSlow = slow;
        return twice
                ? "it took " + millis + " ms to keep 64 KiB, more than "
                        + limits.disk().toMillis()
                : null;
    }

    private boolean keeps() throws IOException {
        Path file = directory.resolve("probe");
        try (FileChannel channel = FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            ByteBuffer written = ByteBuffer.wrap(content);
            while (written.hasRemaining()) {
                channel.write(written);
            }
            channel.force(true);
            ByteBuffer read = ByteBuffer.allocate(BYTES);
            int count = 0;
            while (read.hasRemaining() && count >= 0) {
                count = channel.read(read, read.position());
            }
            return read.flip().equals(ByteBuffer.wrap(content));
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
