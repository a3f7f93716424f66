package dev.ingot.node;

import static java.nio.charset.StandardCharsets.UTF_8;
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
import dev.ingot.scheduler.pool.ShippedFile;
import dev.ingot.scheduler.pool.Tier;
import dev.ingot.scheduler.pool.WorkloadSpec;
import dev.ingot.scheduler.wire.ContentHash;
import dev.ingot.scheduler.wire.FilesPlace;
import dev.ingot.scheduler.wire.HeldImage;
import dev.ingot.scheduler.wire.PoolClient;
import dev.ingot.scheduler.wire.PoolDirectory;
import dev.ingot.scheduler.wire.PoolException;
import dev.ingot.testkit.Relay;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Images and output on their way between a node and a pool that share no disk. */
class RemoteDepotTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    /** More than what tells of an image, without its pieces. */
    private static final long SMALL = 100_000;

    private static final Resources ROOM = new Resources(1000, 1000, 0);
    private static final WorkloadSpec SPEC =
            new WorkloadSpec("job", "team", Tier.BASIC, 0, ROOM, List.of("java", "Job"), "/", Map.of(), 0);

    private final String token = Token.create();
    private final Map<PoolDirectory, ImageShelf> shelves = new HashMap<>();
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
        return depot(home, name, port());
    }

    private RemoteDepot depot(PoolDirectory home, String name, int port) {
        URI uri = URI.create("http://127.0.0.1:" + port);
        return new RemoteDepot(
                new PoolClient(List.of(uri), token, null, LIMIT),
                home,
                name,
                shelves.computeIfAbsent(home, RemoteDepotTest::shelf),
                null);
    }

    private static ImageShelf shelf(PoolDirectory home) {
        try {
            PoolDirectory.createOwned(home.path());
            return new ImageShelf(home, 1L << 30);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private int port() {
        return Objects.requireNonNull(Objects.requireNonNull(server).uri()).getPort();
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
                    out.write(noise(seed));
                }
            }
            return writer.commit(ImageContents.EMPTY);
        }
    }

    /** It is stored as it is, so this is one piece. */
    private static byte[] noise(long seed) {
        byte[] piece = new byte[1 << 20];
        new Random(seed).nextBytes(piece);
        return piece;
    }

    private static ImageReference reference(ImageHandle image) {
        return new ImageReference(name(image), 1, 0, 0);
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
    void ofASecondImageOnlyWhatIsNewTravels() throws Exception {
        ImageHandle first = image(north, 1, 2, 3, 4, 5, 6, 7, 8);
        ImageHandle second = image(north, 1, 2, 3, 9, 5, 6, 7, 8);
        try (Relay relay = new Relay(port())) {
            depot(north, "north", relay.port()).keep(order(1), first.directory());
            long whole = relay.passed();
            assertThat(whole).isBetween(8L << 20, 9L << 20);

            depot(north, "north", relay.port()).keep(order(1), second.directory());

            long changed = relay.passed() - whole;
            assertThat(changed).isBetween(1L << 20, (1L << 20) + SMALL);
            depot(south, "north", relay.port()).fetch(order(1), reference(first));
            long before = relay.passed();
            depot(south, "north", relay.port()).fetch(order(1), reference(second));
            assertThat(relay.passed() - before).isBetween(1L << 20, (1L << 20) + SMALL);
        }
        assertThat(ImageStore.verify(ImageStore.open(place(name(second)))).isIntact())
                .isTrue();
    }

    @Test
    void whatHadComeBeforeACutDoesNotTravelAgain() throws Exception {
        ImageHandle image = image(north, 1, 2, 3, 4, 5, 6, 7, 8);
        try (Relay relay = new Relay(port())) {
            relay.cutAfter(5 << 20);
            Thread node = begin(() -> depot(north, "north", relay.port()).keep(order(1), image.directory()));
            await().until(relay::isCut);
            long cut = relay.passed();
            relay.heal();
            node.join();

            depot(north, "north", relay.port()).keep(order(1), image.directory());

            assertThat(relay.passed() - cut).isLessThan((5L << 20) + SMALL);
            relay.cutAfter(5 << 20);
            Thread other = begin(() -> depot(south, "north", relay.port()).fetch(order(1), reference(image)));
            await().until(relay::isCut);
            long fetched = relay.passed();
            relay.heal();
            other.join();
            Path copy = depot(south, "north", relay.port()).fetch(order(1), reference(image));
            assertThat(relay.passed() - fetched).isLessThan((5L << 20) + SMALL);
            assertThat(ImageStore.verify(ImageStore.open(copy)).isIntact()).isTrue();
        }
    }

    @Test
    void whatANodeKeptOfAWorkloadThatComesBackDoesNotTravel() throws Exception {
        ImageHandle first = image(north, 1, 2, 3, 4);
        ImageHandle second = image(north, 1, 2, 3, 5);
        depot(north, "north").keep(order(1), first.directory());
        RemoteDepot south = depot(this.south, "north");
        south.claim("job-1");
        south.fetch(order(1), reference(first));
        south.forget("job-1");
        depot(north, "north").keep(order(1), second.directory());
        try (Relay relay = new Relay(port())) {
            // Another process, as after a kill.
            shelves.remove(this.south);
            RemoteDepot again = depot(this.south, "north", relay.port());
            again.claim("job-1");

            Path copy = again.fetch(order(1), reference(second));

            assertThat(relay.passed()).isBetween(1L << 20, (1L << 20) + SMALL);
            assertThat(ImageStore.verify(ImageStore.open(copy)).isIntact()).isTrue();
            assertThat(again.offer().held()).containsExactly(new HeldImage("job-1", name(second)));
            again.gone("job-1");
            assertThat(again.offer().held()).isEmpty();
        }
    }

    @Test
    void anImageOfAWorkloadThatComesBackIsComparedAgain() throws Exception {
        ImageHandle image = image(north, 1, 2);
        depot(north, "north").keep(order(1), image.directory());
        RemoteDepot south = depot(this.south, "north");
        south.claim("job-1");
        Path copy = south.fetch(order(1), reference(image));
        south.forget("job-1");
        spoil(copy, 1);
        south.claim("job-1");

        Path again = south.fetch(order(1), reference(image));

        assertThat(ImageStore.verify(ImageStore.open(again)).isIntact()).isTrue();
    }

    @Test
    void aFetchThatEndsLateLeavesWhatCameMeanwhile() throws Exception {
        ImageHandle image = image(north, 1, 2, 3, 4);
        depot(north, "north").keep(order(1), image.directory());
        try (Relay relay = new Relay(port())) {
            // A second way to the pool, by which it goes on.
            List<URI> ways = Stream.of(relay.port(), port())
                    .map(port -> URI.create("http://127.0.0.1:" + port))
                    .toList();
            RemoteDepot depot =
                    new RemoteDepot(new PoolClient(ways, token, null, LIMIT), south, "north", shelf(south), null);
            relay.cutAfter(5 << 19);
            FutureTask<Path> late = new FutureTask<>(() -> depot.fetch(order(1), reference(image)));
            new Thread(late).start();
            await().until(relay::isCut);
            ImageHandle newer = image(south, 9);
            // Another epoch that wants the same has to wait for it.
            assertThatThrownBy(() -> depot.fetch(order(1), reference(image)))
                    .isInstanceOfSatisfying(
                            PoolException.class,
                            later -> assertThat(later.isFinal()).isFalse())
                    .hasMessageEndingWith("is still on its way here for another epoch");
            relay.heal();

            assertThat(late.get()).exists();

            assertThat(newer.directory()).exists();
        }
    }

    @Test
    void anImageThatWasDamagedOnTheNodesDiskIsFetchedAnew() throws Exception {
        ImageHandle image = image(north, 1, 2);
        depot(north, "north").keep(order(1), image.directory());
        Path copy = depot(south, "north").fetch(order(1), reference(image));
        spoil(copy, 1);

        Path again = depot(south, "north").fetch(order(1), reference(image));

        assertThat(again).isEqualTo(copy);
        assertThat(ImageStore.verify(ImageStore.open(again)).isIntact()).isTrue();
    }

    /** A transfer that does not come to its end. */
    private static Thread begin(Transfer transfer) {
        Thread thread = new Thread(() -> assertThatThrownBy(transfer::run).isInstanceOf(PoolException.class));
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private interface Transfer {
        void run() throws Exception;
    }

    @Test
    void whatCameOfAnImageBeforeItsNodeWasCutOffIsNotMovedAgain() throws Exception {
        depot(north, "north").keep(order(1), image(north, 1, 2, 3).directory());
        ImageHandle second = image(north, 1, 2, 4, 5);
        // As a node does that is killed in between: one piece has come, the files have not.
        arrived(5, 1 << 20);
        // Pieces that nobody asks for again may be gone: only 4 is read.
        spoil(second, 0);
        spoil(second, 1);
        spoil(second, 3);

        depot(north, "north").keep(order(1), second.directory());

        assertThat(ImageStore.verify(ImageStore.open(place(name(second)))).isIntact())
                .isTrue();
    }

    /** Puts the first bytes of a piece where the pool has those that have come. */
    private void arrived(long seed, int bytes) throws IOException {
        Path pieces = pool.workload("job-1").resolve("incoming").resolve("pieces");
        PoolDirectory.createOwned(pieces);
        Files.write(pieces.resolve(ContentHash.of(noise(seed))), Arrays.copyOf(noise(seed), bytes));
    }

    @Test
    void aPieceThatThePoolWasKilledInTheMiddleOfComesAgain() throws Exception {
        ImageHandle image = image(north, 1, 2, 3);
        arrived(1, 5);
        arrived(3, 0);

        depot(north, "north").keep(order(1), image.directory());

        assertThat(ImageStore.verify(ImageStore.open(place(name(image)))).isIntact())
                .isTrue();
    }

    @Test
    void aPieceThatThePoolHasLostComesAgainWithTheNextImageThatHasIt() throws Exception {
        ImageHandle first = image(north, 1, 2, 3);
        depot(north, "north").keep(order(1), first.directory());
        spoil(place(name(first)), 1);
        ImageHandle second = image(north, 1, 2, 4);

        depot(north, "north").keep(order(1), second.directory());

        assertThat(ImageStore.verify(ImageStore.open(place(name(second)))).isIntact())
                .isTrue();
    }

    @Test
    void aNodeCannotFillThePoolsDiskWithPiecesOfNoImage() throws Exception {
        ImageHandle image = image(north, 1);
        PoolClient client = new PoolClient(List.of(URI.create("http://127.0.0.1:" + port())), token, null, LIMIT);
        String place = "/v1/nodes/north/images/job-1/" + name(image);
        assertThatThrownBy(() -> client.send(place + "/piece?epoch=1", noise(7)))
                .hasMessage("nothing has come of image " + name(image) + " of job-1");
        String piece = ContentHash.of(noise(1)) + " " + (1 << 20) + "\n";
        client.send(place + "/index?epoch=1", piece.getBytes(UTF_8));
        client.send(place + "/piece?epoch=1", noise(1));

        assertThatThrownBy(() -> client.send(place + "/piece?epoch=1", noise(7)))
                .hasMessage("image " + name(image) + " of job-1 has no such piece");

        // Nor by beginning one image after the other.
        String next = "/v1/nodes/north/images/job-1/000009-20250102T030405.678Z";
        client.send(next + "/index?epoch=1", piece.replace('a', 'b').getBytes(UTF_8));
        assertThatThrownBy(() -> client.send(next + "/piece?epoch=1", noise(1))).isInstanceOf(PoolException.class);
        Path incoming = pool.workload("job-1").resolve("incoming");
        assertThat(incoming.resolve("pieces")).isEmptyDirectory();
        assertThat(incoming.resolve(name(image))).doesNotExist();
        client.send(
                next + "/index?epoch=1",
                (ContentHash.of(noise(1)) + " 1048576\n").repeat(9).getBytes(UTF_8));
    }

    private static void spoil(ImageHandle image, int piece) throws IOException {
        spoil(image.directory(), piece);
    }

    private static void spoil(Path image, int piece) throws IOException {
        Path pack = image.resolve("chunks.pack");
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
        RemoteDepot depot = depot(north, "north");
        Path wrong = Files.move(image.directory(), image.directory().resolveSibling("odd"));

        assertThatThrownBy(() -> depot.keep(order(1), wrong))
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
