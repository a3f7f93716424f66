package dev.ingot.scheduler.forward;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ingot.scheduler.pool.ServicePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real connections through a forwarder; the test itself is the program at their other end. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ForwarderTest {
    private static final int HELD = 3;
    /** Longer than anything takes that happens at all. */
    private static final int PATIENCE_MILLIS = 30_000;

    private static final int CONNECTIONS = 6;
    private static final long LONG = Duration.ofHours(1).toNanos();
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    private final Forwarder forwarder =
            new Forwarder(new ForwardLimits(CONNECTIONS, HELD, 100, Duration.ofHours(1), Duration.ofMillis(1)));
    private final List<AutoCloseable> open = new ArrayList<>();
    private ServicePort port = new ServicePort("http", 1, "127.0.0.1", 1, 60_000);

    @BeforeEach
    void choosePort() throws IOException {
        holding(60_000);
    }

    @AfterEach
    void end() throws Exception {
        forwarder.close();
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private void holding(long millis) throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, HERE)) {
            port = new ServicePort("http", 8080, "127.0.0.1", any.getLocalPort(), millis);
        }
    }

    @Test
    void whatIsSentComesAlsoBehindTheEndOfTheOtherDirection() throws IOException {
        ServerSocket program = program();
        runs(1, program);

        Socket client = client();
        say(client, "question");
        client.shutdownOutput();
        Socket served = accept(program);

        assertThat(served.getInputStream().readAllBytes()).asString().isEqualTo("question");
        say(served, "answer");
        served.shutdownOutput();
        assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("answer");
        await().until(() -> state().connections() == 0);
    }

    @Test
    void theProgramMayEndItsDirectionFirst() throws IOException {
        ServerSocket program = program();
        runs(1, program);

        Socket client = client();
        say(client, "hello");
        Socket served = accept(program);
        assertThat(served.getInputStream().readNBytes(5)).asString().isEqualTo("hello");
        served.shutdownOutput();

        assertThat(client.getInputStream().read()).isEqualTo(-1);
        say(client, ", still there");
        client.shutdownOutput();
        assertThat(served.getInputStream().readAllBytes()).asString().isEqualTo(", still there");
    }

    @Test
    void whoWasToldThatAServiceIsThereCanCallIt() throws IOException {
        forwarder
                .update(List.of(new Forwarding("app-1", port, List.of(new Living("app-1", 0, 0, null)))))
                .join();

        assertThat(state().listening()).isTrue();
        assertThat(client().isConnected()).isTrue();
    }

    @Test
    void connectionsWaitForAProgramThatIsNowhere() throws IOException {
        isNowhere();
        Socket client = client();
        say(client, "question");
        client.shutdownOutput();
        await().until(() -> state().held() == 1);

        ServerSocket program = program();
        runs(2, program);

        Socket served = accept(program);
        assertThat(served.getInputStream().readAllBytes()).asString().isEqualTo("question");
    }

    @Test
    void aProgramThatDoesNotListenYetIsTriedAgain() throws IOException {
        ServerSocket program = program();
        int later = program.getLocalPort();
        program.close();
        runs(1, later);
        Socket client = client();
        say(client, "x");

        ServerSocket now = new ServerSocket();
        open.add(now);
        now.setReuseAddress(true);
        now.bind(new InetSocketAddress(HERE, later));

        assertThat(accept(now).getInputStream().read()).isEqualTo('x');
    }

    @Test
    void whoHasWaitedForTooLongIsReset() throws IOException {
        holding(1);
        isNowhere();

        assertReset(client());
        await().until(() -> state().connections() == 0);
    }

    @Test
    void noMoreWaitThanMay() throws IOException {
        isNowhere();
        List<Socket> waiting = new ArrayList<>();
        for (int i = 0; i < HELD; i++) {
            waiting.add(client());
        }
        await().until(() -> state().held() == HELD);

        assertReset(client());

        ServerSocket program = program();
        runs(1, program);
        for (Socket each : waiting) {
            say(each, "x");
            assertThat(accept(program).getInputStream().read()).isEqualTo('x');
        }
        for (int i = HELD; i < CONNECTIONS; i++) {
            say(client(), "x");
            accept(program);
        }
        assertReset(client());
    }

    @Test
    void whoIsSlowHoldsUpTheOtherSideInsteadOfFillingMemory() throws IOException {
        ServerSocket program = program();
        runs(1, program);
        assertHeldUp(channel(), accept(program));
        SocketChannel client = channel();
        Socket served = accept(program);
        SocketChannel serving = Objects.requireNonNull(served.getChannel());
        assertHeldUp(serving, client.socket());
    }

    /** Whoever sends can do so no more at some time, and all that was sent comes. */
    private static void assertHeldUp(SocketChannel from, Socket to) throws IOException {
        from.configureBlocking(false);
        byte[] block = new byte[1 << 16];
        long[] sent = {0};
        int[] refused = {0};
        await().pollInterval(Duration.ofMillis(5)).until(() -> {
            int written;
            do {
                written = from.write(ByteBuffer.wrap(block));
                sent[0] += written;
            } while (written > 0);
            refused[0]++;
            return refused[0] == 100;
        });
        // What kernels keep for four sockets.
        assertThat(sent[0]).isLessThan(64L << 20);

        from.configureBlocking(true);
        from.shutdownOutput();
        to.getChannel().configureBlocking(true);
        assertThat(to.getInputStream().readAllBytes()).hasSize((int) sent[0]);
    }

    @Test
    void aConnectionToACopyThatLostItsPlaceIsResetAndNewOnesGoToTheNextOne() throws IOException {
        ServerSocket first = program();
        runs(1, first);
        Socket client = client();
        say(client, "x");
        Socket served = accept(first);
        assertThat(served.getInputStream().read()).isEqualTo('x');

        ServerSocket second = program();
        runs(2, second);

        assertReset(client);
        assertReset(served);
        say(client(), "y");
        assertThat(accept(second).getInputStream().read()).isEqualTo('y');
    }

    @Test
    void nothingGoesToAProgramWhoseLeaseIsNotRenewed() throws IOException {
        ServerSocket program = program();
        runs(1, program);
        Socket client = client();
        say(client, "x");
        accept(program);

        long until = System.nanoTime() + Duration.ofMillis(100).toNanos();
        update(new Living("app-1", 1, until, address(program.getLocalPort())));

        assertReset(client);
        say(client(), "y");
        await().until(() -> state().held() == 1);
    }

    @Test
    void aConnectionOfWhichTheProgramKnowsNothingGoesToTheNextCopy() throws IOException {
        ServerSocket first = program();
        runs(1, first);
        Socket client = client();
        accept(first);

        isNowhere();
        await().until(() -> state().held() == 1);
        ServerSocket second = program();
        runs(2, second);
        say(client, "x");

        Socket served = accept(second);
        assertThat(served.getInputStream().read()).isEqualTo('x');
        say(served, "y");
        assertThat(client.getInputStream().read()).isEqualTo('y');
    }

    @Test
    void aProgramIsSuspendedOnceItHasAnswered() throws IOException {
        ServerSocket program = program();
        runs(1, program);
        Socket client = client();
        say(client, "1");
        Socket served = accept(program);
        assertThat(served.getInputStream().read()).isEqualTo('1');

        assertThat(forwarder.mayStop("app-1", 1, 1)).isFalse();
        Socket other = client();
        say(other, "2");
        await().until(() -> state().held() == 1);
        assertThat(forwarder.mayStop("app-1", 1, 1)).isFalse();
        say(served, "a");
        assertThat(client.getInputStream().read()).isEqualTo('a');
        await().until(() -> forwarder.mayStop("app-1", 1, 1));
        say(client, "3");

        // It could not be suspended.
        runs(1, program);

        assertThat(served.getInputStream().read()).isEqualTo('3');
        assertThat(accept(program).getInputStream().read()).isEqualTo('2');
        // The connection that has been answered nothing yet counts from now on, for the next attempt.
        assertThat(forwarder.mayStop("app-1", 1, 2)).isFalse();
    }

    /* ---- Gangs ---- */

    @Test
    void membersOfAGangGetConnectionsInTurn() throws IOException {
        ServerSocket first = program();
        ServerSocket second = program();
        update(member(0, 1, first), member(1, 1, second));

        for (int round = 0; round < 3; round++) {
            say(client(), "x");
            say(client(), "x");
            assertThat(accept(first).getInputStream().read()).isEqualTo('x');
            assertThat(accept(second).getInputStream().read()).isEqualTo('x');
        }
    }

    @Test
    void onlyConnectionsToTheMemberThatIsLostAreResetAndNewOnesGoToTheOthers() throws IOException {
        ServerSocket first = program();
        ServerSocket second = program();
        update(member(0, 1, first), member(1, 1, second));
        List<Socket> clients = List.of(client(), client());
        for (Socket each : clients) {
            say(each, "x");
        }
        Socket lost = accept(first);
        Socket kept = accept(second);
        assertThat(kept.getInputStream().read()).isEqualTo('x');
        assertThat(lost.getInputStream().read()).isEqualTo('x');

        update(new Living("app-1", 0, 0, null), member(1, 1, second));

        assertReset(lost);
        say(kept, "answer");
        kept.shutdownOutput();
        List<String> heard = new ArrayList<>();
        for (Socket each : clients) {
            try {
                heard.add(new String(each.getInputStream().readAllBytes(), US_ASCII));
            } catch (SocketException reset) {
                heard.add("reset");
            }
        }
        assertThat(heard).containsExactlyInAnyOrder("answer", "reset");
        say(client(), "y");
        say(client(), "y");
        assertThat(accept(second).getInputStream().read()).isEqualTo('y');
        assertThat(accept(second).getInputStream().read()).isEqualTo('y');
    }

    @Test
    void whileOneMemberIsSuspendedTheOthersServe() throws IOException {
        ServerSocket first = program();
        ServerSocket second = program();
        update(member(0, 1, first), member(1, 7, second));
        List<Socket> untouched = List.of(client(), client());
        accept(first);
        accept(second);

        await().until(() -> forwarder.mayStop("app-1", 1, 1));

        // What had come to the first, and was told nothing, is with the second now.
        Socket brought = accept(second);
        assertThat(state().held()).isZero();
        say(untouched.get(0), "x");
        say(untouched.get(1), "x");
        assertThat(brought.getInputStream().read()).isEqualTo('x');
        say(client(), "y");
        assertThat(accept(second).getInputStream().read()).isEqualTo('y');
    }

    /** A program that closes whatever it accepts is not tried for ever, however many there are. */
    @Test
    void whomEachMemberHasTurnedAwayIsToldSo() throws IOException {
        ServerSocket first = program();
        ServerSocket second = program();
        update(member(0, 1, first), member(1, 1, second));
        Socket client = client();

        for (int chance = 0; chance < 3; chance++) {
            await().until(() -> {
                for (ServerSocket each : List.of(first, second)) {
                    each.getChannel().configureBlocking(false);
                    SocketChannel served = each.getChannel().accept();
                    if (served != null) {
                        served.close();
                        return true;
                    }
                }
                return false;
            });
        }

        assertThat(client.getInputStream().read()).isEqualTo(-1);
    }

    private static Living member(int index, long epoch, ServerSocket program) {
        return new Living(
                index == 0 ? "app-1" : "app-1." + index,
                epoch,
                System.nanoTime() + LONG,
                address(program.getLocalPort()));
    }

    @Test
    void anAddressIsFreeUnlessSomebodyElseHasIt() throws IOException {
        forwarder.requireFree(port);
        try (ServerSocket other = new ServerSocket(port.entrance(), 1, HERE)) {
            assertThat(other.isBound()).isTrue();
            assertThatThrownBy(() -> forwarder.requireFree(port)).isInstanceOf(IOException.class);
            forwarder
                    .update(List.of(new Forwarding("app-1", port, List.of(new Living("app-1", 0, 0, null)))))
                    .join();
            await().until(() -> !forwarder.states("app-1").isEmpty() && state().problem() != null);
        }
        // It tries again.
        await().until(() -> state().listening());
        forwarder.requireFree(port);
    }

    @Test
    void aServiceThatIsNoneAnyMoreCannotBeReached() throws IOException {
        ServerSocket program = program();
        runs(1, program);
        Socket client = client();
        say(client, "x");
        accept(program);

        forwarder.update(List.of()).join();

        assertReset(client);
        await().until(() -> forwarder.states("app-1").isEmpty());
        assertThatThrownBy(this::client).isInstanceOf(IOException.class);
    }

    private EntranceState state() {
        return forwarder.states("app-1").get(0);
    }

    private static InetSocketAddress address(int at) {
        return new InetSocketAddress(HERE, at);
    }

    private void runs(long epoch, ServerSocket program) {
        runs(epoch, program.getLocalPort());
    }

    private void runs(long epoch, int at) {
        long until = System.nanoTime() + LONG;
        update(new Living("app-1", epoch, until, address(at)));
    }

    private void isNowhere() {
        update(new Living("app-1", 0, 0, null));
    }

    private void update(Living... copies) {
        forwarder
                .update(List.of(new Forwarding("app-1", port, List.of(copies))))
                .join();
        await().until(() -> !forwarder.states("app-1").isEmpty() && state().listening());
    }

    private ServerSocket program() throws IOException {
        ServerSocket program =
                java.nio.channels.ServerSocketChannel.open().bind(address(0)).socket();
        open.add(program);
        program.setSoTimeout(PATIENCE_MILLIS);
        return program;
    }

    private Socket accept(ServerSocket program) throws IOException {
        Socket served = program.accept();
        open.add(served);
        served.setSoTimeout(PATIENCE_MILLIS);
        return served;
    }

    private Socket client() throws IOException {
        Socket client = new Socket(HERE, port.entrance());
        open.add(client);
        client.setSoTimeout(PATIENCE_MILLIS);
        return client;
    }

    private SocketChannel channel() throws IOException {
        SocketChannel client = SocketChannel.open(address(port.entrance()));
        open.add(client);
        return client;
    }

    private static void say(Socket to, String text) throws IOException {
        to.getOutputStream().write(text.getBytes(US_ASCII));
    }

    private static void assertReset(Socket client) {
        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
    }
}
