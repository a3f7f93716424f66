package dev.ingot.core.control;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import dev.ingot.core.json.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a process under Ingot. One request at a time, except {@link #cancel}, which goes through a connection of
 * its own. Not thread-safe.
 */
public final class ControlClient implements AutoCloseable {
    private static final Duration QUICK = Duration.ofSeconds(10);
    private static final Duration ENDLESS = Duration.ZERO;

    private final Path socket;
    private final SocketChannel channel;
    private final Selector selector;
    private final ByteBuffer input = ByteBuffer.allocate(1 << 13).limit(0);

    private ControlClient(Path socket, SocketChannel channel, Selector selector) {
        this.socket = socket;
        this.channel = channel;
        this.selector = selector;
    }

    /** Connects to the process {@code pid} at the usual place of its user. */
    public static ControlClient connect(long pid) throws ControlException {
        return connect(ControlDirectory.ofProcess(pid), pid);
    }

    /**
     * Connects to the process {@code pid} through {@code directory}.
     *
     * @throws ControlException if nobody answers there, or the directory is not safe
     */
    public static ControlClient connect(ControlDirectory directory, long pid) throws ControlException {
        Path socket = directory.socket(pid);
        try {
            return open(directory, socket);
        } catch (IOException failure) {
            throw new ControlException(
                    FailureCode.UNREACHABLE,
                    "cannot reach process " + pid + " at " + socket + ": " + failure.getMessage()
                            + "; it must run, as this user, with -javaagent:ingot-agent.jar; 'ingot ps' lists those that do",
                    failure);
        }
    }

    private static ControlClient open(ControlDirectory directory, Path socket) throws IOException, ControlException {
        directory.requireSafe();
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.configureBlocking(false);
            Selector selector = Selector.open();
            channel.register(selector, SelectionKey.OP_READ);
            return new ControlClient(socket, channel, selector);
        } catch (IOException failure) {
            channel.close();
            throw failure;
        }
    }

    /** Whether the process answers; throws if not. */
    public void ping() throws ControlException {
        request(Messages.request("ping"), ProgressListener.NONE, QUICK);
    }

    public ProcessStatus status() throws ControlException {
        JsonObject answer = request(Messages.request("status"), ProgressListener.NONE, QUICK);
        try {
            return Messages.status(answer);
        } catch (JsonException malformed) {
            throw unexpected(malformed);
        }
    }

    /**
     * Has the process write an image and go on.
     *
     * @param images the store to write to; null for the process's own
     */
    public TakenImage checkpoint(@Nullable Path images, ProgressListener progress) throws ControlException {
        return take(Messages.request("checkpoint"), images, progress);
    }

    /** Has the process write an image to its own store and go on; another image that follows soon says only what has changed. */
    public TakenImage checkpointBeforeMore(ProgressListener progress) throws ControlException {
        return take(Messages.request("checkpoint").member("more", true), null, progress);
    }

    /** Has the process write an image and exit; returns once the image is complete, while the process is about to exit. */
    public TakenImage suspend(@Nullable Path images, ProgressListener progress) throws ControlException {
        return take(Messages.request("suspend"), images, progress);
    }

    /** Tells the program which copies of its gang run now; returns when it can see that. */
    public void company(String running) throws ControlException {
        request(Messages.request("company").member("running", running), ProgressListener.NONE, QUICK);
    }

    /** Asks the process to give up the checkpoint that is under way. */
    public void cancel() throws ControlException {
        request(Messages.request("cancel"), ProgressListener.NONE, QUICK);
    }

    private TakenImage take(JsonWriter line, @Nullable Path images, ProgressListener progress) throws ControlException {
        if (images != null) {
            line.member("images", images.toAbsolutePath().normalize().toString());
        }
        JsonObject answer = request(line, progress, ENDLESS);
        try {
            return Messages.image(answer);
        } catch (JsonException malformed) {
            throw unexpected(malformed);
        }
    }

    private JsonObject request(JsonWriter request, ProgressListener progress, Duration limit) throws ControlException {
        long deadline = limit.isZero() ? Long.MAX_VALUE : System.nanoTime() + limit.toNanos();
        try {
            send(request.finish());
            while (true) {
                JsonObject event = JsonObject.parse(readLine(deadline));
                switch (event.string("event")) {
                    case "done" -> {
                        return event;
                    }
                    case "failed" -> throw Messages.failure(event);
                    case "progress" ->
                        progress.progress(event.string("phase"), (int) event.integer("percent", -1, 100));
                    case "log" -> progress.log(event.string("message"));
                    default -> {
                        // An event of a newer process, which an older client may miss.
                    }
                }
            }
        } catch (JsonException malformed) {
            throw unexpected(malformed);
        } catch (IOException failure) {
            throw new ControlException(
                    FailureCode.UNREACHABLE,
                    "lost the process behind " + socket + ": " + failure.getMessage() + "; look whether it still runs",
                    failure);
        }
    }

    private ControlException unexpected(JsonException malformed) {
        return new ControlException(
                FailureCode.UNSUPPORTED,
                "the process behind " + socket + " answered something this command does not understand: "
                        + malformed.getMessage() + "; use the 'ingot' command that came with its agent",
                malformed);
    }

    private void send(String line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((line + '\n').getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            // A request is smaller than the buffer of a socket, so this loop does not spin.
            channel.write(bytes);
        }
    }

    private String readLine(long deadline) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            while (input.hasRemaining()) {
                byte next = input.get();
                if (next == '\n') {
                    return line.toString(StandardCharsets.UTF_8);
                }
                line.write(next);
            }
            if (line.size() > Messages.MAX_EVENT_BYTES) {
                throw new IOException("it sent a line longer than " + Messages.MAX_EVENT_BYTES + " bytes");
            }
            fill(deadline);
        }
    }

    private void fill(long deadline) throws IOException {
        input.clear();
        int read = channel.read(input);
        while (read == 0) {
            await(deadline);
            read = channel.read(input);
        }
        input.flip();
        if (read < 0) {
            throw new IOException("it closed the connection before its answer");
        }
    }

    private void await(long deadline) throws IOException {
        long millis = 0;
        if (deadline != Long.MAX_VALUE) {
            millis = (deadline - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                throw new IOException("it did not answer in " + QUICK.toSeconds() + " s; is it stopped by a debugger?");
            }
        }
        selector.select(millis);
        selector.selectedKeys().clear();
    }

    @Override
    public void close() throws ControlException {
        try (selector;
                channel) {
            input.limit(0);
        } catch (IOException failure) {
            throw new ControlException(
                    FailureCode.UNREACHABLE, "cannot close the connection to " + socket + ": " + failure, failure);
        }
    }
}
