package dev.ingot.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import dev.ingot.scheduler.pool.ShippedFile;
import dev.ingot.scheduler.pool.Tier;
import dev.ingot.scheduler.pool.WorkloadSpec;
import dev.ingot.scheduler.wire.ContentHash;
import dev.ingot.scheduler.wire.FilesPlace;
import dev.ingot.scheduler.wire.PoolClient;
import dev.ingot.scheduler.wire.PoolDirectory;
import dev.ingot.scheduler.wire.PoolException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Images and output on their way between a node and a pool that share no disk. */
class RemoteDepotTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Resources ROOM = new Resources(1000, 1000, 0);
    private static final WorkloadSpec SPEC =
            new WorkloadSpec("job", "team", Tier.BASIC, 0, ROOM, List.of("java", "Job"), "/", Map.of(), 0);

    private final String token = Token.create();
    private PoolDirectory pool = new PoolDirectory(Path.of("/tmp"));
    private PoolDirectory north = new PoolDirectory(Path.of("/tmp"));
    private PoolDirectory south = new PoolDirectory(Path.of("/tmp"));
    private @Nullable ControlPlane plane;
    private @Nullable ApiServer server;

    @BeforeEach
    void start() throws IOException {
        pool = new PoolDirectory(Files.createTempDirectory(Path.of("/tmp"), "ingot-pool-"));
        pool.prepare();
        north = new PoolDirectory(pool.path().resolve("north"));
        south = new PoolDirectory(pool.path().resolve("south"));
        Grant grant = new Grant(new Identity("north", Role.NODE, null), Token.hash(token), null);
        new AccessFile(pool.access()).change(none -> List.of(grant));
        plane = ControlPlane.open(pool.journal(), Policy.USUAL, Duration.ofHours(1));
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server = ApiServer.start(pool, plane, new Listen(loopback, null, null, null), ServiceRange.usual());
        plane.submit(new Command.Join("north", "1", ROOM)).join();
        assertThat(plane.submit(new Command.Submit("key", SPEC)).join().text()).isEqualTo("job-1");
    }

    @AfterEach
    void end() throws IOException {
        Objects.requireNonNull(server).close();
        Objects.requireNonNull(plane).close();
        PoolDirectory.delete(pool.path());
    }

    private RemoteDepot depot(PoolDirectory home, String name) {
        URI uri = Objects.requireNonNull(Objects.requireNonNull(server).uri());
        return new RemoteDepot(new PoolClient(List.of(uri), token, null, LIMIT), home, name);
    }

    @Test
    void aFileComesWholeOrNotAtAll() throws Exception {
        Path content = Files.write(pool.path().resolve("content"), new byte[(1 << 20) + 5]);
        ShippedFile file = new ShippedFile("a", ContentHash.of(content), Files.size(content));
        ShippedFile lost = new ShippedFile("b", "0a".repeat(32), 5);
        WorkloadSpec shipping =
                SPEC.shipping(List.of(file, lost)).withFilesIn(FilesPlace.next().toString());
        String id = Objects.requireNonNull(plane)
                .submit(new Command.Submit("shipping", shipping))
                .join()
                .text();
        PoolDirectory.createOwned(pool.files("team"));
        Files.copy(content, pool.file("team", file.sha256()));
        // Whoever has the node's room has to leave it.
        plane.submit(new Command.Cancel("job-1")).join();
        plane.submit(new Command.Lose("north", "1")).join();
        plane.submit(new Command.Join("north", "2", ROOM)).join();
        long epoch = Objects.requireNonNull(
                        plane.look((state, now) -> state.workload(id)).join())
                .epoch();
        Order order = new Order(id, epoch, Goal.RUN, 0, List.of(), "", null, List.of(), shipping);
        RemoteDepot depot = depot(north, "north");
        // What came before the connection broke.
        Path to = Files.write(pool.path().resolve("to"), new byte[3]);

        depot.fetchFile(order, file, to);

        assertThat(ContentHash.of(to)).isEqualTo(file.sha256());
        assertThatThrownBy(() -> depot.fetchFile(order, lost, pool.path().resolve("none")))
                .isInstanceOf(IOException.class)
                .hasMessage("file b is shorter at the pool than it should be");
        Order stale = new Order(id, epoch + 1, Goal.RUN, 0, List.of(), "", null, List.of(), shipping);
        assertThatThrownBy(() -> depot.fetchFile(stale, file, pool.path().resolve("none")))
                .isInstanceOf(PoolException.class);
    }

    private static Order order(long epoch) {
        return new Order("job-1", epoch, Goal.RUN, 0, List.of(), "", null, List.of(), SPEC);
    }

    private static ImageHandle image(PoolDirectory home, long... seeds) throws IOException {
        return imageOn(null, home, seeds);
    }

    private static ImageHandle imageOn(@Nullable ImageHandle earlier, PoolDirectory home, long... seeds)
            throws IOException {
        ImageDescription description =
                new ImageDescription("job-1", null, "0.1", "w1", ProcessDescription.ofThisProcess(), 0);
        try (ImageWriter writer = ImageStore.at(home.images("job-1")).begin(description)) {
            if (earlier != null) {
                writer.goOn(earlier);
            }
            try (OutputStream out = writer.section("heap")) {
                for (long seed : seeds) {
                    // Noise is stored as it is, so this is one piece.
                    byte[] piece = new byte[1 << 20];
                    new Random(seed).nextBytes(piece);
                    out.write(piece);
                }
            }
            return writer.commit(ImageContents.EMPTY);
        }
    }

    private static String name(ImageHandle image) {
        return String.valueOf(image.directory().getFileName());
    }

    private Path place(String image) {
        return pool.images("job-1").resolve("job-1").resolve(image);
    }

    @Test
    void anImageComesIntoThePoolAndFromThereToAnotherDisk() throws Exception {
        ImageHandle image = image(north, 1, 2, 1);

        depot(north, "north").keep(order(1), image.directory());

        assertThat(ImageStore.verify(ImageStore.open(place(name(image)))).isIntact())
                .isTrue();
        assertThat(pool.workload("job-1").resolve("incoming")).doesNotExist();
        // What another epoch left on that disk would be taken for this one's.
        ImageHandle stale = image(south, 9);
        Path fetched = depot(south, "north").fetch(order(1), new ImageReference(name(image), 1, 0, 0));
        assertThat(fetched).isEqualTo(south.images("job-1").resolve("job-1").resolve(name(image)));
        assertThat(fetched.resolve("chunks.pack"))
                .hasSameBinaryContentAs(image.directory().resolve("chunks.pack"));
        assertThat(stale.directory()).doesNotExist();
    }

    @Test
    void anImageThatGoesOnAnotherComesWholeWhetherThatIsThereOrNot() throws Exception {
        ImageHandle first = image(north, 1, 2);
        ImageHandle second = imageOn(first, north, 3);
        ImageHandle third = imageOn(second, north, 4);
        depot(north, "north").keep(order(1), second.directory());
        spoil(first, 1);

        // Of what the pool has, nothing is read again.
        depot(north, "north").keep(order(1), third.directory());

        assertThat(ImageStore.verify(ImageStore.open(place(name(third)))).broken())
                .isEmpty();
        Path fetched = depot(south, "north").fetch(order(1), new ImageReference(name(third), 1, 0, 0));
        ImageHandle copy = ImageStore.open(fetched);
        assertThat(ImageStore.verify(copy).broken()).isEmpty();
        try (InputStream heap = copy.series("heap")) {
            assertThat(heap.readAllBytes()).hasSize(4 << 20);
        }
    }

    @Test
    void whatCameOfAnImageBeforeItsNodeWasCutOffIsNotMovedAgain() throws Exception {
        depot(north, "north").keep(order(1), image(north, 1, 2, 3).directory());
        ImageHandle second = image(north, 1, 2, 4, 5);
        // As a node does that is killed in between: one piece has come, the files have not.
        Path incoming = pool.workload("job-1").resolve("incoming").resolve(name(second));
        PoolDirectory.createOwned(incoming);
        byte[] fourth = new byte[1 << 20];
        new Random(5).nextBytes(fourth);
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(fourth));
        Files.write(incoming.resolve("piece-" + hash), fourth);
        // Pieces that nobody asks for again may be gone: only 4 is read.
        spoil(second, 0);
        spoil(second, 1);
        spoil(second, 3);

        depot(north, "north").keep(order(1), second.directory());

        assertThat(ImageStore.verify(ImageStore.open(place(name(second)))).isIntact())
                .isTrue();
    }

    private static void spoil(ImageHandle image, int piece) throws IOException {
        Path pack = image.directory().resolve("chunks.pack");
        byte[] bytes = Files.readAllBytes(pack);
        bytes[piece << 20] ^= 1;
        Files.write(pack, bytes);
    }

    @Test
    void aDamagedImageDoesNotGetIn() throws Exception {
        ImageHandle image = image(north, 1, 2);
        spoil(image, 1);

        assertThatThrownBy(() -> depot(north, "north").keep(order(1), image.directory()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("piece 1");

        assertThat(place(name(image))).doesNotExist();
    }

    @Test
    void whatThePoolHasLostIsNotAskedForForEver() throws Exception {
        ImageHandle image = image(north, 1);
        depot(north, "north").keep(order(1), image.directory());
        ImageReference reference = new ImageReference(name(image), 1, 0, 0);
        Files.delete(place(name(image)).resolve("chunks.pack"));

        assertThatThrownBy(() -> depot(south, "north").fetch(order(1), reference))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("image " + name(image) + " of job-1 has no ");
        assertThatThrownBy(() -> depot(south, "north").fetch(order(1), new ImageReference("000009-09", 9, 0, 0)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void anImageThatThePoolNeverTakesIsNotBroughtForEver() throws Exception {
        ImageHandle image = image(north, 1);
        Path wrong = Files.move(image.directory(), image.directory().resolveSibling("odd"));

        assertThatThrownBy(() -> depot(north, "north").keep(order(1), wrong))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the pool does not take image");
    }

    @Test
    void nobodyTakesAnythingOfAnEpochThatIsOverOrElsewhere() throws Exception {
        ImageHandle image = image(north, 1);

        assertThatThrownBy(() -> depot(north, "north").keep(order(2), image.directory()))
                .isInstanceOf(PoolException.class)
                .hasMessage("epoch 2 of job-1 is not placed on north");
        assertThatThrownBy(() -> depot(north, "south").keep(order(1), image.directory()))
                .isInstanceOf(PoolException.class)
                .hasMessage("north is not node south");

        assertThat(pool.workload("job-1").resolve("incoming")).doesNotExist();
    }

    @Test
    void imagesOlderThanTheOneThePoolKnowsGo() throws Exception {
        RemoteDepot depot = depot(north, "north");
        ImageHandle first = image(north, 1);
        ImageHandle second = image(north, 2);
        depot.keep(order(1), first.directory());
        depot.keep(order(1), second.directory());
        assertThat(place(name(first))).exists();
        ImageReference known = new ImageReference(name(second), 2, 1, 0);
        Objects.requireNonNull(plane)
                .submit(new Command.Observe("north", "1", List.of(running(known))))
                .join();

        depot.keep(order(1), image(north, 3).directory());

        assertThat(place(name(first))).doesNotExist();
        assertThat(place(name(second))).exists();
    }

    private static Report running(ImageReference image) {
        return new Report("job-1", 1, Phase.RUNNING, image, 0, 0, 0, null, null);
    }

    @Test
    void outputComesOnceHoweverOftenItIsSent() throws Exception {
        RemoteDepot depot = depot(north, "north");
        PoolDirectory.createOwned(north.workload("job-1"));
        Path output = north.output("job-1", 1);
        Files.writeString(output, "one\n", UTF_8);
        depot.keepOutput(order(1), 4);
        Files.writeString(output, "one\ntwo\n", UTF_8);

        depot.keepOutput(order(1), 8);
        depot.keepOutput(order(1), 8);
        // Another process of the node, which remembers nothing.
        depot(north, "north").keepOutput(order(1), 8);

        assertThat(pool.output("job-1", 1)).hasContent("one\ntwo");
        try (Stream<Path> files = Files.list(pool.workload("job-1"))) {
            assertThat(files).containsExactly(pool.output("job-1", 1));
        }
    }
}
