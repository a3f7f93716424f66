package dev.ingot.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * An output stream of a supervised program: a file that the program writes, whose bytes are passed on from there. What has been
 * passed on cannot be taken back; what is still only in the file can. Not thread-safe.
 *
 * <p>When the program goes on from an image, the file is cut to what it was then. Bytes behind that which were passed on before
 * are expected to come again and are not passed on twice.
 */
final class Journal implements ProgramOutput {
    private static final int BUFFER_BYTES = 1 << 16;
    /** More than this is not compared when it comes again, only counted. */
    private static final int MOST_EXPECTED = 64 << 20;

    private final Path file;
    private final OutputStream target;
    private final FileChannel channel;
    private long passedOn;
    private ByteBuffer expected = ByteBuffer.allocate(0);
    private boolean diverged;

    /** A new journal in {@code file}, passed on to {@code target}. */
    Journal(Path file, OutputStream target) throws IOException {
        this.file = file;
        this.target = target;
        this.channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    @Override
    public ProcessBuilder.Redirect redirect() {
        return ProcessBuilder.Redirect.appendTo(file.toFile());
    }

    @Override
    public String path() {
        return file.toString();
    }

    @Override
    public long length() throws IOException {
        return channel.size();
    }

    @Override
    public long begun() {
        return 0;
    }

    @Override
    public void passOn(long limit) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        boolean any = false;
        long end = Math.min(limit, channel.size());
        while (passedOn < end) {
            buffer.clear().limit((int) Math.min(BUFFER_BYTES, end - passedOn));
            int read = channel.read(buffer, passedOn);
            if (read <= 0) {
                break;
            }
            passedOn += read;
            buffer.flip();
            skipExpected(buffer);
            target.write(buffer.array(), buffer.position(), buffer.remaining());
            any = true;
        }
        if (any) {
            target.flush();
        }
    }

    private void skipExpected(ByteBuffer buffer) {
        while (buffer.hasRemaining() && expected.hasRemaining()) {
            if (buffer.get(buffer.position()) != expected.get(expected.position())) {
                diverged = true;
                expected = ByteBuffer.allocate(0);
                return;
            }
            buffer.get();
            expected.get();
        }
    }

    @Override
    public void rollBack(long length) throws IOException {
        long again = Math.max(0, passedOn - length);
        ByteBuffer repeated = ByteBuffer.allocate((int) Math.min(again, MOST_EXPECTED));
        while (repeated.hasRemaining() && channel.read(repeated, length + repeated.position()) > 0) {
            // Until all of it is there.
        }
        // Of what was expected already, the rest is expected still, behind what has come of it since.
        ByteBuffer both = ByteBuffer.allocate(repeated.flip().remaining() + expected.remaining());
        expected = both.put(repeated).put(expected).flip();
        passedOn = Math.min(passedOn, length);
        channel.truncate(length);
    }

    @Override
    public boolean takeDiverged() {
        boolean answer = diverged;
        diverged = false;
        return answer;
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(file);
    }
}
