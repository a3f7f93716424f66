package dev.ingot.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ingot.core.image.ImageContents;
import dev.ingot.core.image.ImageDescription;
import dev.ingot.core.image.ImageHandle;
import dev.ingot.core.image.ImageStore;
import dev.ingot.core.image.ImageWriter;
import dev.ingot.core.image.ProcessDescription;
import dev.ingot.scheduler.access.AccessFile;
import dev.ingot.scheduler.access.Grant;
import dev.ingot.scheduler.access.Identity;
import dev.ingot.scheduler.access.Role;
import dev.ingot.scheduler.access.Token;
import dev.ingot.scheduler.control.ApiServer;
import dev.ingot.scheduler.control.ControlPlane;
import dev.ingot.scheduler.control.Listen;
import dev.ingot.scheduler.control.ServiceRange;
import dev.ingot.scheduler.pool.Command;
import dev.ingot.scheduler.pool.Goal;
import dev.ingot.scheduler.pool.ImageReference;
import dev.ingot.scheduler.pool.Order;
import dev.ingot.scheduler.pool.Phase;
import dev.ingot.scheduler.pool.Policy;
import dev.ingot.scheduler.pool.Report;
import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.Tier;
import dev.ingot.scheduler.pool.WorkloadSpec;
import dev.ingot.scheduler.wire.ImageOffer;
import dev.ingot.scheduler.wire.ImageSource;
import dev.ingot.scheduler.wire.ImageTicket;
import dev.ingot.scheduler.wire.PoolClient;
import dev.ingot.scheduler.wire.PoolDirectory;
import dev.ingot.scheduler.wire.PoolException;
import dev.ingot.scheduler.wire.PoolJson;
import dev.ingot.scheduler.wire.SelfReport;
import dev.ingot.testkit.Relay;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Images on their way from the node that has them to the one that is to go on from them. North had the workload, and south has it now. */
class NodeToNodeTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Resources ROOM = new Resources(1000, 1000, 0);
    private static final WorkloadSpec SPEC =
            new WorkloadSpec("job", "team", Tier.BASIC, 0, ROOM, List.of("java", "Job"), "/", Map.of(), 0);
    private static final InetSocketAddress LOOPBACK = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final int PIECES = 4;
    private static final long WHOLE = (long) PIECES << 20;
    /** More than what tells of an image, without its pieces. */
    private static final long SMALL = 100_000;

    private static @Nullable NodeCertificate own;

    private final Map<String, String> tokens = Map.of("north", Token.create(), "south", Token.create());
    private PoolDirectory pool = new PoolDirectory(Path.of("/tmp"));
    private @Nullable ControlPlane plane;
    private @Nullable ApiServer server;
    private @Nullable ImageServer images;
    private @Nullable ImageHandle image;
    private @Nullable Relay road;

    @BeforeAll
    static void makeCertificate(@TempDir Path directory) throws IOException {
        own = NodeCertificate.create(directory);
        assertThat(directory).isEmptyDirectory();
    }

    @BeforeEach
    void start() throws Exception {
        pool = new PoolDirectory(Files.createTempDirectory(Path.of("/tmp"), "ingot-pool-"));
        pool.prepare();
        List<Grant> grants = tokens.entrySet().stream()
                .map(each -> new Grant(new Identity(each.getKey(), Role.NODE, null), Token.hash(each.getValue()), null))
                .toList();
        new AccessFile(pool.access()).change(none -> grants);
        plane = ControlPlane.open(pool.journal(), Policy.USUAL, Duration.ofHours(1));
        server = ApiServer.start(pool, plane, new Listen(LOOPBACK, null, null, null), ServiceRange.usual());
        plane.submit(new Command.Join("north", "1", ROOM)).join();
        plane.submit(new Command.Submit("key", SPEC)).join();
        ImageHandle written = image();
        image = written;
        RemoteDepot north = depot("north", port());
        north.keep(order(1), written.directory());
        observe(Phase.RUNNING);
        plane.submit(new Command.Suspend("job-1")).join();
        observe(Phase.SUSPENDED);
        plane.submit(new Command.Join("south", "1", ROOM)).join();
        plane.submit(new Command.Cordon("north", true)).join();
        plane.submit(new Command.Resume("job-1")).join();
        images = new ImageServer(
                home("north"), new ImageShelf(home("north"), 1L << 30), LOOPBACK, Objects.requireNonNull(own));
        road = new Relay(images.door().port());
        tell(images.door().certificate());
    }

    @AfterEach
    void end() throws IOException {
        Objects.requireNonNull(road).close();
        Objects.requireNonNull(images).close();
        Objects.requireNonNull(server).close();
        Objects.requireNonNull(plane).close();
        PoolDirectory.delete(pool.path());
    }

    private PoolDirectory home(String node) {
        return new PoolDirectory(pool.path().resolve(node));
    }

    private int port() {
        return Objects.requireNonNull(Objects.requireNonNull(server).uri()).getPort();
    }

    private PoolClient client(String node, int port) {
        return new PoolClient(List.of(URI.create("http://127.0.0.1:" + port)), tokens.get(node), null, LIMIT);
    }

    private RemoteDepot depot(String node, int port) throws IOException {
        PoolDirectory.createOwned(home(node).path());
        return new RemoteDepot(client(node, port), home(node), node, new ImageShelf(home(node), 1L << 30), null);
    }

    private ImageHandle image() throws IOException {
        ImageDescription description =
                new ImageDescription("job-1", null, "0.1", "w1", ProcessDescription.ofThisProcess(), 0);
        PoolDirectory.createOwned(home("north").images("job-1"));
        try (ImageWriter writer = ImageStore.at(home("north").images("job-1")).begin(description)) {
            try (OutputStream out = writer.section("heap")) {
                byte[] noise = new byte[(int) WHOLE];
                new Random(1).nextBytes(noise);
                out.write(noise);
            }
            return writer.commit(ImageContents.EMPTY);
        }
    }

    private String name() {
        return String.valueOf(Objects.requireNonNull(image).directory().getFileName());
    }

    private ImageReference reference() {
        return new ImageReference(name(), 1, WHOLE, 0);
    }

    private void observe(Phase phase) {
        Report report = new Report("job-1", 1, phase, reference(), 0, 0, 0, null, null);
        Objects.requireNonNull(plane)
                .submit(new Command.Observe("north", "1", List.of(report)))
                .join();
    }

    /** As north's beats do. */
    private void tell(String certificate) throws Exception {
        ImageServer serving = Objects.requireNonNull(images);
        ImageOffer.Door door = new ImageOffer.Door(
                Objects.requireNonNull(road).port(), certificate, serving.door().key());
        ImageOffer offer = new ImageOffer(new ImageShelf(home("north"), 1L << 30).held(), door);
        String beat =
                PoolJson.beat(new Command.Join("north", "1", ROOM), List.of(), List.of(), null, offer, SelfReport.WELL);
        assertThat(client("north", port()).post("/v1/beat", beat).string("verdict"))
                .isEqualTo("welcome");
    }

    private static Order order(long epoch) {
        return new Order("job-1", epoch, Goal.RUN, 0, List.of(), "", null, List.of(), SPEC);
    }

    /** Has south fetch the image, and returns how many bytes passed between it and the pool. */
    private long fetch() throws Exception {
        try (Relay toPool = new Relay(port())) {
            Path copy = depot("south", toPool.port()).fetch(order(2), reference());
            assertThat(ImageStore.verify(ImageStore.open(copy)).isIntact()).isTrue();
            return toPool.passed();
        }
    }

    @Test
    void whatANodeHasComesFromItAndNotFromThePool() throws Exception {
        assertThat(fetch()).isLessThan(SMALL);

        assertThat(Objects.requireNonNull(road).passed()).isGreaterThan(WHOLE);
    }

    @Test
    void theRestComesFromThePoolWhenTheNodeIsKilledInTheMiddle() throws Exception {
        Relay north = Objects.requireNonNull(road);
        north.cutAfter(5 << 19);
        Thread killer = new Thread(() -> {
            await().until(north::isCut);
            try {
                north.close();
            } catch (IOException alreadyClosed) {
                // Which is what is wanted.
            }
        });
        killer.start();

        // Two pieces had come.
        assertThat(fetch()).isBetween(WHOLE / 2, WHOLE / 2 + SMALL);

        killer.join();
    }

    @Test
    void aNodeThatSendsSomethingElseIsNotBelieved() throws Exception {
        Path pack = Objects.requireNonNull(image).directory().resolve("chunks.pack");
        byte[] bytes = Files.readAllBytes(pack);
        bytes[(1 << 20) + 5] ^= 1;
        Files.write(pack, bytes);

        assertThat(fetch()).isBetween(WHOLE - (1 << 20), WHOLE - (1 << 20) + SMALL);
    }

    @Test
    void aNodeThatShowsAnotherCertificateIsNotAsked() throws Exception {
        tell("0a".repeat(32));

        assertThat(fetch()).isGreaterThan(WHOLE);

        assertThat(Objects.requireNonNull(road).passed()).isLessThan(SMALL);
    }

    private ImageSource source() throws Exception {
        List<ImageSource> sources =
                ImageSource.read(client("south", port()).get("/v1/nodes/south/images/job-1/" + name() + "?epoch=2"));
        assertThat(sources).extracting(ImageSource::node).containsExactly("north");
        return sources.get(0);
    }

    private String path(String image, String part, long epoch, String receiver) {
        return "/v1/images/job-1/" + image + "/" + part + "?epoch=" + epoch + "&from=0&length=5&for=" + receiver;
    }

    @Test
    void aTicketIsForOneImageOneNodeAndOneEpoch() throws Exception {
        ImagePeer peer = new ImagePeer(source());
        assertThat(peer.bytes(path(name(), "pack", 2, "south"), 5)).hasSize(5);

        for (String path : List.of(
                path("000009-20250102T030405.678Z", "pack", 2, "south"),
                path(name(), "pack", 3, "south"),
                path(name(), "pack", 2, "west"),
                path("%2e%2e", "pack", 2, "south"))) {
            assertThatThrownBy(() -> peer.bytes(path, 5)).isInstanceOf(ImagePeer.Refused.class);
        }
        // Nor has anybody with it what else lies there.
        for (String part : List.of("manifest.json", "launch", "index", "..%2f..%2fnode.p12")) {
            assertThatThrownBy(() -> peer.bytes(path(name(), part, 2, "south"), 5))
                    .hasMessage("it answers with status 404");
        }
        assertThatThrownBy(() -> peer.bytes("/v1/images/job-1/" + name() + "/pack", 5))
                .hasMessage("it answers with status 400");
    }

    @Test
    void aTicketOfAKeyThatIsNotInUseAnyMoreIsRefused() throws Exception {
        ImageServer serving = Objects.requireNonNull(images);
        ImagePeer peer = new ImagePeer(source());
        serving.renewKey();
        assertThat(peer.bytes(path(name(), "pack", 2, "south"), 5)).hasSize(5);

        serving.renewKey();

        assertThatThrownBy(() -> peer.bytes(path(name(), "pack", 2, "south"), 5))
                .isInstanceOf(ImagePeer.Refused.class);
        String forged = ImageTicket.of("0a".repeat(32), "south", "job-1", 2, name());
        ImageSource source = peer.source();
        assertThatThrownBy(() -> new ImagePeer(new ImageSource("north", source.uri(), source.certificate(), forged))
                        .bytes(path(name(), "pack", 2, "south"), 5))
                .isInstanceOf(ImagePeer.Refused.class);
    }

    /** A node that answers the first request with {@code answer} and then neither sends on nor hangs up. */
    private static ImageSource answering(ServerSocket socket, String answer) {
        Thread node = new Thread(() -> {
            try (Socket receiver = socket.accept()) {
                receiver.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                receiver.getInputStream().transferTo(OutputStream.nullOutputStream());
            } catch (IOException closed) {
                // By the receiver, or at the end of the test.
            }
        });
        node.setDaemon(true);
        node.start();
        return new ImageSource("north", "http://127.0.0.1:" + socket.getLocalPort(), "0a".repeat(32), "");
    }

    @Test
    @Timeout(60)
    void aNodeThatStopsInTheMiddleOfItsAnswerIsNotWaitedForForEver() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ImageSource north = answering(socket, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n123");

            assertThatThrownBy(() -> new ImagePeer(north, Duration.ofMillis(500)).bytes("/", 5))
                    .hasMessage("it does not send on");
        }
    }

    @Test
    void anAnswerThatIsLongerThanWhatWasAskedForIsNotTaken() throws Exception {
        for (String answer : List.of(
                "Content-Length: 6\r\n\r\n123456", "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n0\r\n\r\n")) {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                ImageSource north = answering(socket, "HTTP/1.1 200 OK\r\n" + answer);

                assertThatThrownBy(() -> new ImagePeer(north).bytes("/", 5))
                        .hasMessage("it sends something else than 5 bytes");
            }
        }
    }

    @Test
    void nothingIsReadFromAReceiverThatHasNotTakenTheAnswerBefore() throws Exception {
        List<ChannelPromise> unsent = new ArrayList<>();
        EmbeddedChannel channel = new EmbeddedChannel(
                new ChannelOutboundHandlerAdapter() {
                    @Override
                    public void write(ChannelHandlerContext context, Object answer, ChannelPromise written) {
                        ReferenceCountUtil.release(answer);
                        unsent.add(written);
                    }
                },
                new ImageRequests(Objects.requireNonNull(images), Runnable::run));
        DefaultFullHttpRequest request =
                new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, path(name(), "pack", 2, "south"));
        request.headers().set(HttpHeaderNames.AUTHORIZATION, "Bearer " + source().ticket());

        channel.writeInbound(request);

        assertThat(unsent).hasSize(1);
        assertThat(channel.config().isAutoRead()).isFalse();
        unsent.get(0).setSuccess();
        channel.runPendingTasks();
        assertThat(channel.config().isAutoRead()).isTrue();
        channel.finishAndReleaseAll();
    }

    @Test
    void whereAnImageLiesIsToldToNobodyButTheNodeThatTheWorkloadIsPlacedOn() {
        String path = "/images/job-1/" + name() + "?epoch=";
        assertThatThrownBy(() -> client("south", port()).get("/v1/nodes/south" + path + "1"))
                .isInstanceOf(PoolException.class)
                .hasMessage("epoch 1 of job-1 is not placed on south");
        assertThatThrownBy(() -> client("north", port()).get("/v1/nodes/north" + path + "2"))
                .isInstanceOf(PoolException.class)
                .hasMessage("epoch 2 of job-1 is not placed on north");
        assertThatThrownBy(() -> client("north", port()).get("/v1/nodes/south" + path + "2"))
                .isInstanceOf(PoolException.class)
                .hasMessage("north is not node south");
    }
}
