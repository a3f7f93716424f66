package dev.ingot.core.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class ControlServerTest {
    private static final long PID = ProcessHandle.current().pid();

    // Not in a directory of the build: the name of a socket must be short.
    @TempDir
    Path directory;

    private final FakeCommands commands = new FakeCommands();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private @Nullable ControlServer server;

    @BeforeEach
    void start() {
        server = start(directory.resolve("s"));
        await().atMost(Duration.ofMinutes(2)).until(() -> answers(directory.resolve("s")));
    }

    @AfterEach
    void stop() {
        Objects.requireNonNull(server).close();
    }

    private ControlServer start(Path path) {
        return ControlServer.start(ControlDirectory.at(path), commands, task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            threads.add(thread);
            return thread;
        });
    }

    private static boolean answers(Path path) {
        try (ControlClient client = ControlClient.connect(ControlDirectory.at(path), PID)) {
            client.ping();
            return true;
        } catch (ControlException notYet) {
            return false;
        }
    }

    @Test
    void tellsItsStatus() throws ControlException {
        try (ControlClient client = connect()) {
            assertThat(client.status()).isEqualTo(commands.status());
            assertThat(client.status()).isEqualTo(commands.status());
        }
    }

    @Test
    void takesAnImageWhereItIsAskedTo() throws ControlException {
        List<String> heard = new ArrayList<>();
        try (ControlClient client = connect()) {
            assertThat(client.checkpoint(Path.of("/some dir"), listener(heard))).isEqualTo(FakeCommands.IMAGE);
            assertThat(client.checkpoint(null, ProgressListener.NONE)).isEqualTo(FakeCommands.IMAGE);
            assertThat(client.checkpointBeforeMore(ProgressListener.NONE)).isEqualTo(FakeCommands.IMAGE);
        }

        assertThat(commands.asked)
                .containsExactly("checkpoint /some dir", "checkpoint null", "checkpoint null before more");
        assertThat(heard).contains("heap 2", "a warning");
        assertThat(commands.exited.getCount()).isEqualTo(1);
    }

    @Test
    void tellsTheProgramOfItsCompany() throws ControlException {
        try (ControlClient client = connect()) {
            client.company("0-2,5");
        }

        assertThat(commands.asked).containsExactly("company 0-2,5");
    }

    @Test
    void exitsOnlyAfterItsAnswer() throws ControlException, InterruptedException {
        try (ControlClient client = connect()) {
            assertThat(client.suspend(null, ProgressListener.NONE)).isEqualTo(FakeCommands.IMAGE);
        }

        assertThat(commands.exited.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void noThreadOfItsIsInTheKernelWhenTheProcessExits() throws ControlException, InterruptedException {
        Thread serving = threads.get(0);
        try (ControlClient client = connect()) {
            client.suspend(null, ProgressListener.NONE);
        }

        assertThat(commands.exited.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(serving.isAlive()).isFalse();
    }

    @Test
    void exitsThoughNobodyWaitsForTheAnswer() throws IOException, InterruptedException {
        commands.gate = new CountDownLatch(1);
        try (SocketChannel channel = open()) {
            send(channel, "{\"protocol\":1,\"request\":\"suspend\"}\n");
            await().atMost(Duration.ofMinutes(2)).until(() -> !commands.asked.isEmpty());
        }
        commands.gate.countDown();

        assertThat(commands.exited.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void reportsPins() throws ControlException {
        PinnedThread pin = new PinnedThread("main", "NATIVE_FRAME", "a.B.c(Native Method)", "wait until it returns");
        commands.failure = new ControlException(FailureCode.PINNED, "1 thread is pinned", List.of(pin));

        try (ControlClient client = connect()) {
            assertThatExceptionOfType(ControlException.class)
                    .isThrownBy(() -> client.suspend(null, ProgressListener.NONE))
                    .withMessage("1 thread is pinned")
                    .matches(failure -> failure.code() == FailureCode.PINNED)
                    .matches(failure -> failure.pins().equals(List.of(pin)));
            client.ping();
        }
        assertThat(commands.exited.getCount()).isEqualTo(1);
    }

    @Test
    void takesOneImageAtATimeAndCancels() throws ControlException {
        commands.gate = new CountDownLatch(1);
        commands.failure = new ControlException(FailureCode.CANCELLED, "cancelled");
        Thread first = new Thread(() -> {
            try (ControlClient client = connect()) {
                client.checkpoint(null, ProgressListener.NONE);
            } catch (ControlException failure) {
                commands.asked.add(failure.code().name());
            }
        });
        first.start();
        await().atMost(Duration.ofMinutes(2)).until(() -> !commands.asked.isEmpty());

        try (ControlClient client = connect()) {
            assertThatExceptionOfType(ControlException.class)
                    .isThrownBy(() -> client.checkpoint(null, ProgressListener.NONE))
                    .matches(failure -> failure.code() == FailureCode.BUSY);
            client.cancel();
        }

        await().atMost(Duration.ofMinutes(2)).until(() -> commands.asked.contains("CANCELLED"));
        assertThat(commands.cancelled).isTrue();
    }

    @Test
    void aSuspendWaitsForACheckpoint() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        commands.gate = gate;
        Thread first = new Thread(() -> checkpoint());
        first.start();
        await().atMost(Duration.ofMinutes(2)).until(() -> !commands.asked.isEmpty());

        Thread second = new Thread(() -> {
            try (ControlClient client = connect()) {
                client.suspend(null, ProgressListener.NONE);
            } catch (ControlException failure) {
                commands.asked.add(failure.code().name());
            }
        });
        second.start();
        await().atMost(Duration.ofMinutes(2)).until(() -> commands.asked.size() == 2);
        assertThat(checkpoint()).isEqualTo(FailureCode.BUSY);
        gate.countDown();

        first.join();
        second.join();
        assertThat(commands.asked).doesNotContain(FailureCode.BUSY.name());
        assertThat(commands.exited.await(2, TimeUnit.MINUTES)).isTrue();
    }

    private @Nullable FailureCode checkpoint() {
        try (ControlClient client = connect()) {
            client.checkpoint(null, ProgressListener.NONE);
            return null;
        } catch (ControlException failure) {
            return failure.code();
        }
    }

    @Test
    void isNotDelayedByAClientThatDoesNotRead() throws IOException, ControlException {
        commands.events = 200_000;
        try (SocketChannel deaf = open()) {
            send(deaf, "{\"protocol\":1,\"request\":\"checkpoint\"}\n".repeat(20));
            await().atMost(Duration.ofMinutes(2)).until(() -> !commands.asked.isEmpty());

            try (ControlClient client = connect()) {
                client.ping();
                await().atMost(Duration.ofMinutes(2)).until(() -> isIdle(client));
            }
        }
    }

    private static boolean isIdle(ControlClient client) {
        try {
            client.checkpoint(null, ProgressListener.NONE);
            return true;
        } catch (ControlException busy) {
            return false;
        }
    }

    @Test
    void answersWhatItDoesNotUnderstand() throws IOException {
        for (String request : List.of(
                "nonsense",
                "{}",
                "{\"protocol\":2,\"request\":\"ping\"}",
                "{\"protocol\":1,\"request\":\"explode\"}",
                "{\"protocol\":1,\"request\":\"checkpoint\",\"images\":\"relative\"}",
                "{\"protocol\":1,\"request\":\"checkpoint\",\"images\":\"/a\\u0000b\"}")) {
            try (SocketChannel channel = open()) {
                send(channel, request + "\n");
                assertThat(readLine(channel)).as(request).contains("\"failed\"").contains("\"unsupported\"");
            }
        }
        assertThat(commands.asked).isEmpty();
    }

    @Test
    void hangsUpOnEndlessLines() throws IOException {
        try (SocketChannel channel = open()) {
            byte[] garbage = new byte[1 << 20];
            try {
                channel.write(ByteBuffer.wrap(garbage));
                assertThat(readLine(channel)).isEmpty();
            } catch (IOException hungUp) {
                assertThat(hungUp).isNotNull();
            }
        }
        assertThat(answers(directory.resolve("s"))).isTrue();
    }

    @Test
    void letsNobodyElseIn() throws IOException {
        Path path = directory.resolve("s");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(ControlDirectory.at(path).socket(PID))))
                .isEqualTo("rw-------");
    }

    @Test
    void refusesADirectoryThatOthersMayEnter() throws IOException {
        Path open = directory.resolve("open");
        Files.createDirectory(open, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));

        try (ControlServer refused = start(open)) {
            await().atMost(Duration.ofMinutes(2)).until(() -> commands.unreachable != null);
            assertThat(refused.socket()).doesNotExist();
        }

        assertThat(Objects.requireNonNull(commands.unreachable).getMessage())
                .contains(open.toString())
                .contains("not safe")
                .contains(ControlDirectory.VARIABLE);
    }

    @Test
    void saysThatThePathOfASocketIsTooLong() {
        try (ControlServer refused = start(directory.resolve("x".repeat(100)))) {
            await().atMost(Duration.ofMinutes(2)).until(() -> commands.unreachable != null);
            assertThat(refused.socket()).doesNotExist();
        }

        assertThat(Objects.requireNonNull(commands.unreachable).getMessage()).contains("shorter directory");
    }

    @Test
    void takesThePlaceOfADeadProcess() throws IOException {
        Path path = directory.resolve("t");
        Files.createDirectory(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.createFile(ControlDirectory.at(path).socket(PID));

        try (ControlServer second = start(path)) {
            await().atMost(Duration.ofMinutes(2)).until(() -> answers(path));
            assertThat(second.socket()).exists();
        }
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(
                        () -> assertThat(ControlDirectory.at(path).socket(PID)).doesNotExist());
    }

    @Test
    void saysThatNobodyAnswers() {
        assertThatExceptionOfType(ControlException.class)
                .isThrownBy(() -> ControlClient.connect(ControlDirectory.at(directory.resolve("s")), 1))
                .matches(failure -> failure.code() == FailureCode.UNREACHABLE)
                .withMessageContaining("process 1")
                .withMessageContaining("ingot ps");
    }

    private ControlClient connect() throws ControlException {
        return ControlClient.connect(ControlDirectory.at(directory.resolve("s")), PID);
    }

    private SocketChannel open() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(
                ControlDirectory.at(directory.resolve("s")).socket(PID)));
    }

    private static void send(SocketChannel channel, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** The line without its end; what there is of it where the other side hangs up. */
    private static String readLine(SocketChannel channel) throws IOException {
        StringBuilder line = new StringBuilder();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (channel.read(one.clear()) == 1 && one.get(0) != '\n') {
            line.append((char) one.get(0));
        }
        return line.toString();
    }

    private static ProgressListener listener(List<String> heard) {
        return new ProgressListener() {
            @Override
            public void progress(String phase, int percent) {
                heard.add(phase + " " + percent);
            }

            @Override
            public void log(String message) {
                heard.add(message);
            }
        };
    }
}
