package dev.ingot.scheduler.access;

import dev.ingot.core.json.JsonWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Set;

/**
 * A file with a line of JSON for everything that somebody tried to change, before it is done, and for what came of it. When it has
 * grown to {@value #MAX_BYTES} bytes it becomes {@code .1}, of which there is one. Thread-safe.
 */
public final class AuditLog implements AutoCloseable {
    static final long MAX_BYTES = 64L << 20;

    private final Path file;
    private FileChannel channel;
    private long number;

    /** Opens the file, which is created, readable for its owner alone, where it is not there. */
    public AuditLog(Path file) throws IOException {
        this.file = file;
        this.channel = open(file);
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    /**
     * Notes that somebody asks for something.
     *
     * @param who its name, or what is known of somebody who could not prove it
     * @param what method and path
     * @return the number by which {@link #answered} refers to it
     * @throws IOException if it cannot be noted, so that it must not be done
     */
    public synchronized long asked(String who, String from, String what) throws IOException {
        number++;
        write(JsonWriter.compact()
                .member("at", Instant.now().toString())
                .member("request", number)
                .member("who", who)
                .member("from", from)
                .member("what", what));
        return number;
    }

    /** Notes what came of a request. */
    public synchronized void answered(long request, int status, String result) throws IOException {
        write(JsonWriter.compact()
                .member("at", Instant.now().toString())
                .member("request", request)
                .member("status", status)
                .member("result", result));
    }

    private void write(JsonWriter line) throws IOException {
        if (channel.size() >= MAX_BYTES) {
            channel.close();
            Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            channel = open(file);
        }
        ByteBuffer bytes = ByteBuffer.wrap((line.finish() + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        channel.close();
    }
}
