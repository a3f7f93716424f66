package dev.ingot.core.control;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import dev.ingot.core.jvm.ProcessId;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The control socket of this process.
 *
 * <h2>Concurrency</h2>
 *
 * One thread accepts, reads and writes for all clients and never waits for any of them. A checkpoint or suspend runs on a
 * second thread that lives as long as the request; there is at most one. Events go through each connection's
 * {@link Outbox}, so a client that stops reading delays nobody but itself.
 */
public final class ControlServer implements AutoCloseable {
    /** The exit code of a process that was suspended: its image is complete and it left on purpose. */
    public static final int SUSPENDED_EXIT_CODE = 85;

    private static final int MAX_CONNECTIONS = 32;
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final ControlDirectory directory;
    private final Path socket;
    private final ControlCommands commands;
    private final ThreadFactory threads;
    private final AtomicBoolean checkpoints = new AtomicBoolean();
    private final AtomicBoolean suspends = new AtomicBoolean();
    private volatile boolean closed;
    private volatile @Nullable Selector selector;
    private @Nullable Thread serving;

    private ControlServer(ControlDirectory directory, ControlCommands commands, ThreadFactory threads) {
        this.directory = directory;
        this.socket = directory.socket(ProcessId.own());
        this.commands = commands;
        this.threads = threads;
    }

    /**
     * Opens the socket of this process. Returns at once: the work is done on a thread of {@code threads}, which should be
     * daemons; what goes wrong there is told to {@link ControlCommands#unreachable}.
     */
    public static ControlServer start(ControlDirectory directory, ControlCommands commands, ThreadFactory threads) {
        ControlServer server = new ControlServer(directory, commands, threads);
        Thread serving = threads.newThread(server.new Serving());
        server.serving = serving;
        serving.start();
        return server;
    }

    /** Spelled out: the first lambda of a JVM costs a start many times what a class does. */
    private final class Serving implements Runnable {
        @Override
        public void run() {
            openAndServe();
        }
    }

    /** The socket, which need not exist yet. */
    public Path socket() {
        return socket;
    }

    private void openAndServe() {
        try {
            directory.prepare(ProcessId.own());
            serve();
        } catch (ControlException reason) {
            commands.unreachable(reason);
        } catch (IOException failure) {
            commands.unreachable(new ControlException(
                    FailureCode.UNREACHABLE,
                    "cannot serve the control socket " + socket + ": " + failure.getMessage()
                            + "; the 'ingot' command does not reach this process",
                    failure));
        }
    }

    private void serve() throws IOException {
        // A socket of this process id is left over from a dead process: ids are unique among the living.
        Files.deleteIfExists(socket);
        try (Selector opened = Selector.open();
                ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
            server.configureBlocking(false);
            server.register(opened, SelectionKey.OP_ACCEPT);
            selector = opened;
            try {
                while (!closed) {
                    opened.select();
                    List<SelectionKey> ready = new ArrayList<>(opened.selectedKeys());
                    opened.selectedKeys().clear();
                    for (SelectionKey key : ready) {
                        serve(key, server);
                    }
                    sendAll(opened);
                }
            } finally {
                closeAll(opened);
                Files.deleteIfExists(socket);
            }
        }
    }

    private void serve(SelectionKey key, ServerSocketChannel server) throws IOException {
        if (!key.isValid()) {
            return;
        }
        if (key.isAcceptable()) {
            accept(server, key.selector());
        } else if (key.isReadable()) {
            read((Connection) key.attachment());
        }
    }

    private void accept(ServerSocketChannel server, Selector opened) throws IOException {
        SocketChannel channel = server.accept();
        if (channel == null) {
            return;
        }
        if (opened.keys().size() > MAX_CONNECTIONS) {
            channel.close();
            return;
        }
        channel.configureBlocking(false);
        SelectionKey key = channel.register(opened, SelectionKey.OP_READ);
        key.attach(new Connection(channel, key));
    }

    private void read(Connection connection) throws IOException {
        List<String> lines;
        try {
            lines = connection.readLines();
        } catch (IOException gone) {
            connection.close();
            return;
        }
        for (String line : lines) {
            handle(line, connection.outbox());
        }
    }

    private void sendAll(Selector opened) throws IOException {
        for (SelectionKey key : List.copyOf(opened.keys())) {
            if (key.isValid() && key.attachment() instanceof Connection connection) {
                try {
                    connection.send();
                } catch (IOException gone) {
                    connection.close();
                }
            }
        }
    }

    private static void closeAll(Selector opened) throws IOException {
        for (SelectionKey key : opened.keys()) {
            if (key.attachment() instanceof Connection connection) {
                connection.close();
            }
        }
    }

    private void handle(String line, Outbox outbox) {
        try {
            JsonObject request = JsonObject.parse(line);
            long version = request.integer("protocol");
            if (version != Messages.VERSION) {
                throw unsupported("version " + version + " of the protocol");
            }
            dispatch(request, outbox);
        } catch (JsonException malformed) {
            outbox.add(Outbox.Kind.ANSWER, Messages.failed(unsupported("the request: " + malformed.getMessage())));
        } catch (ControlException refused) {
            outbox.add(Outbox.Kind.ANSWER, Messages.failed(refused));
        } catch (RuntimeException bug) {
            outbox.add(Outbox.Kind.ANSWER, Messages.failed(broken("the request was not carried out: " + bug, bug)));
        }
    }

    private static ControlException broken(String message, Throwable bug) {
        return new ControlException(FailureCode.FAILED, message + "; the program goes on, please report this", bug);
    }

    private static ControlException unsupported(String what) {
        return new ControlException(
                FailureCode.UNSUPPORTED,
                "this process does not understand " + what + "; it speaks version " + Messages.VERSION
                        + " of the protocol, use the 'ingot' command that came with its agent");
    }

    private void dispatch(JsonObject request, Outbox outbox) throws JsonException, ControlException {
        String name = request.string("request");
        switch (name) {
            case "ping" -> outbox.add(Outbox.Kind.ANSWER, Messages.done());
            case "status" -> outbox.add(Outbox.Kind.ANSWER, Messages.done(commands.status()));
            case "cancel" -> {
                commands.cancel();
                outbox.add(Outbox.Kind.ANSWER, Messages.done());
            }
            case "company" -> tell(request.string("running"), outbox);
            case "checkpoint" -> start(checkpoint(request), outbox, false);
            case "suspend" -> start(suspend(request), outbox, true);
            default -> throw unsupported("the request '" + name + "'");
        }
    }

    /** The program may hold the lock of its properties while it is stopped. */
    private void tell(String running, Outbox outbox) {
        Answers answers = new Answers(outbox);
        threads.newThread(() -> {
                    commands.company(running);
                    answers.end(Messages.done());
                })
                .start();
    }

    /** Takes an image, and reports how that goes. */
    private interface Take {
        TakenImage now(ProgressListener progress) throws ControlException;
    }

    private Take checkpoint(JsonObject request) throws JsonException {
        Path images = Messages.images(request).orElse(null);
        boolean more = request.has("more") && request.flag("more");
        return progress -> commands.checkpoint(images, more, progress);
    }

    private Take suspend(JsonObject request) throws JsonException {
        Path images = Messages.images(request).orElse(null);
        return progress -> commands.suspend(images, progress);
    }

    private void start(Take take, Outbox outbox, boolean suspend) throws ControlException {
        boolean tooLate = !suspend && suspends.get();
        if (tooLate || !underWay(suspend).compareAndSet(false, true)) {
            throw new ControlException(
                    FailureCode.BUSY, "another checkpoint of this process is under way; wait for it, or cancel it");
        }
        Answers answers = new Answers(outbox);
        threads.newThread(() -> take(take, answers, suspend)).start();
    }

    /** Apart, because a suspend waits for a checkpoint: who makes room cannot know that somebody else wants an image at that moment. */
    private AtomicBoolean underWay(boolean suspend) {
        return suspend ? suspends : checkpoints;
    }

    private void take(Take take, Answers answers, boolean suspend) {
        boolean exit = false;
        String answer;
        try {
            TakenImage image = take.now(answers);
            exit = suspend;
            answer = Messages.done(image);
        } catch (ControlException failure) {
            answer = Messages.failed(failure);
        } catch (RuntimeException | Error bug) {
            answer = Messages.failed(broken("the image was not taken: " + bug, bug));
        }
        if (exit) {
            answers.end(answer);
            answers.awaitSent();
            endServing();
            commands.exitSuspended();
        } else {
            // Before the answer: whoever has it may ask again at once.
            underWay(suspend).set(false);
            answers.end(answer);
        }
    }

    /**
     * Removes the socket, and has its thread end: a JVM that halts waits 300 ms for threads that are in the kernel, and this one waits there
     * for clients.
     */
    private void endServing() {
        close();
        Thread thread = serving;
        try {
            if (thread != null) {
                thread.join(LAST_WORDS.toMillis());
            }
        } catch (InterruptedException hurry) {
            // The socket then stays, as that of a process that was killed does; 'ingot ps' removes it.
            Thread.currentThread().interrupt();
        }
    }

    /** Closes the socket and all connections; a checkpoint under way is not disturbed. */
    @Override
    public void close() {
        closed = true;
        wake();
    }

    private void wake() {
        Selector open = selector;
        if (open != null) {
            open.wakeup();
        }
    }

    /** Passes the events of one request on. */
    private final class Answers implements ProgressListener {
        private final Outbox outbox;

        Answers(Outbox outbox) {
            this.outbox = outbox;
        }

        @Override
        public void progress(String phase, int percent) {
            add(Outbox.Kind.PROGRESS, Messages.progress(phase, percent));
        }

        @Override
        public void log(String message) {
            add(Outbox.Kind.LOG, Messages.log(message));
        }

        void end(String answer) {
            add(Outbox.Kind.ANSWER, answer);
        }

        private void add(Outbox.Kind kind, String line) {
            outbox.add(kind, line);
            wake();
        }

        void awaitSent() {
            outbox.awaitEmpty(LAST_WORDS);
        }
    }
}
