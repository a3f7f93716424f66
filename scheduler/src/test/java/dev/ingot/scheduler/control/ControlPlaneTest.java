package dev.ingot.scheduler.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ingot.accelerator.state.Equipment;
import dev.ingot.core.json.JsonObject;
import dev.ingot.scheduler.journal.Journal;
import dev.ingot.scheduler.journal.Recovery;
import dev.ingot.scheduler.journal.Snapshot;
import dev.ingot.scheduler.pool.Command;
import dev.ingot.scheduler.pool.Location;
import dev.ingot.scheduler.pool.Policy;
import dev.ingot.scheduler.pool.Pool;
import dev.ingot.scheduler.pool.PoolEvent;
import dev.ingot.scheduler.pool.Probe;
import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.WorkloadView;
import dev.ingot.scheduler.wire.ContentHash;
import dev.ingot.scheduler.wire.HeldImage;
import dev.ingot.scheduler.wire.ImageOffer;
import dev.ingot.scheduler.wire.PoolClient;
import dev.ingot.scheduler.wire.PoolDirectory;
import dev.ingot.scheduler.wire.PoolException;
import dev.ingot.scheduler.wire.PoolJson;
import dev.ingot.scheduler.wire.SelfReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The control process but for its main method: requests through its socket, its journal, and nodes played by the test. */
// The servers serve for as long as they are open.
@SuppressWarnings("try")
class ControlPlaneTest {
    private static final String SUBMISSION = "{\"name\":\"job\",\"tier\":\"basic\",\"resources\":{\"memory\":\"10m\"},"
            + "\"command\":[\"java\",\"Job\"],\"directory\":\"/\"}";
    private static final Resources CAPACITY = new Resources(1000, 1000, 0);
    private static final Duration LEASE = Duration.ofMillis(400);
    private static final Duration LONG_LEASE = Duration.ofMinutes(5);

    private static final Recovery NOTHING = new Recovery() {
        @Override
        public void state(byte[] record) throws IOException {
            throw new IOException("there is a snapshot");
        }

        @Override
        public void appended(byte[] record) throws IOException {
            throw new IOException("there is a record");
        }
    };

    // Sockets have short names, which not every place for temporary files allows.
    private PoolDirectory directory = new PoolDirectory(Path.of("/tmp"));

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = new PoolDirectory(Files.createTempDirectory(Path.of("/tmp"), "ingot-pool-"));
        directory.prepare();
    }

    @AfterEach
    void deleteDirectory() throws IOException {
        try (Stream<Path> files = Files.walk(directory.path())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void whatWasAcknowledgedIsThereAfterARestart() throws Exception {
        List<WorkloadView> before;
        List<PoolEvent> events;
        try (ControlPlane plane = open(LONG_LEASE);
                ApiServer ignored = ApiServer.start(directory, plane, null, ServiceRange.usual())) {
            assertThat(submit("a")).isEqualTo("job-1");
            assertThat(beat("n1", "i1").string("verdict")).isEqualTo("welcome");
            before = plane.look((pool, now) -> pool.workloads()).join();
            events = plane.look((pool, now) -> pool.eventsAfter(0, 100)).join();
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> !plane.usageSince(0).isEmpty());
        }

        try (ControlPlane again = open(LONG_LEASE)) {
            assertThat(again.look((pool, now) -> pool.workloads()).join())
                    // Of the time until now.
                    .usingRecursiveFieldByFieldElementComparatorIgnoringFields("served")
                    .isEqualTo(before);
            assertThat(before).hasSize(1);
            assertThat(again.look((pool, now) -> pool.eventsAfter(0, 100)).join())
                    .isEqualTo(events)
                    .hasSizeGreaterThan(2);
            assertThat(again.usageSince(0)).isNotEmpty();
        }
    }

    @Test
    void aPoolThatWasStoppedIsASnapshotWhichAnotherVersionCanRead() throws Exception {
        try (ControlPlane plane = open(LONG_LEASE)) {
            plane.submit(new Command.Join("n1", "i1", CAPACITY)).join();
        }
        assertThat(directory.journal().toFile().list()).containsExactlyInAnyOrder("log-1", "snapshot-1");
        List<String> state = new ArrayList<>();
        List<String> commands = new ArrayList<>();
        Journal.open(directory.journal(), new Recovery() {
                    @Override
                    public void state(byte[] record) {
                        state.add(new String(record, UTF_8));
                    }

                    @Override
                    public void appended(byte[] record) {
                        commands.add(new String(record, UTF_8));
                    }
                })
                .close();
        assertThat(state).anyMatch(text -> text.contains("\"i1\""));
        assertThat(commands).isEmpty();

        replaceJournal(state, commands, "\"decisions\":2", "\"decisions\":1");
        try (ControlPlane again = open(LONG_LEASE)) {
            assertThat(again.look((pool, now) -> pool.nodes()).join()).hasSize(1);
        }
    }

    @Test
    void commandsOfAnotherVersionAreRefused() throws Exception {
        List<String> state =
                List.of("{\"decisions\":1,\"format\":1,\"at\":5,\"patienceMillis\":1,\"minimumRunMillis\":1,"
                        + "\"retryMillis\":1,\"mostFailures\":1}");
        replaceJournal(state, List.of("{\"at\":5,\"command\":\"Tick\"}"), "", "");

        assertThatThrownBy(() -> open(LONG_LEASE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("another version of Ingot");
    }

    private void replaceJournal(List<String> state, List<String> commands, String from, String to) throws IOException {
        PoolDirectory.createOwned(directory.journal());
        for (String name : directory.journal().toFile().list()) {
            Files.delete(directory.journal().resolve(name));
        }
        try (Journal journal = Journal.open(directory.journal(), NOTHING);
                Snapshot snapshot = journal.beginSnapshot()) {
            for (String text : state) {
                snapshot.add(text.replace(from, to).getBytes(UTF_8));
            }
            snapshot.commit();
            commands.forEach(text -> journal.append(text.replace(from, to).getBytes(UTF_8)));
            journal.force();
        }
    }

    @Test
    void aLongJournalIsReplacedByASnapshotWhileItIsWritten() throws Exception {
        List<WorkloadView> before;
        try (ControlPlane plane = open(LONG_LEASE);
                ApiServer ignored = ApiServer.start(directory, plane, null, ServiceRange.usual())) {
            String large = "x".repeat(100_000);
            for (int i = 0; i < 100; i++) {
                plane.submit(new Command.Cancel(large)).join();
            }
            submit("a");
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> Files.exists(directory.journal().resolve("snapshot-2")));
            before = plane.look((pool, now) -> pool.workloads()).join();
        }
        try (Stream<Path> files = Files.list(directory.journal())) {
            assertThat(files.mapToLong(file -> file.toFile().length()).sum()).isLessThan(3 << 20);
        }

        try (ControlPlane again = open(LONG_LEASE)) {
            assertThat(again.look((pool, now) -> pool.workloads()).join())
                    .usingRecursiveFieldByFieldElementComparatorIgnoringFields("served")
                    .isEqualTo(before)
                    .hasSize(1);
        }
    }

    @Test
    void submittingAgainWithTheSameKeyGivesTheSameId() throws Exception {
        try (ControlPlane plane = open(LONG_LEASE);
                ApiServer ignored = ApiServer.start(directory, plane, null, ServiceRange.usual())) {
            String first = submit("a");

            assertThat(submit("a")).isEqualTo(first);
            assertThat(submit("b")).isNotEqualTo(first);
        }
    }

    @Test
    void aNodeThatIsLostTakesBackWhatNobodyElseHasGoneOnWith() throws Exception {
        try (ControlPlane plane = open(LEASE);
                ApiServer ignored = ApiServer.start(directory, plane, null, ServiceRange.usual())) {
            beat("n1", "i1");
            String id = submit("k");
            assertThat(beat("n1", "i1").objects("orders")).hasSize(1);

            await().atMost(Duration.ofMinutes(2))
                    .until(() -> plane.look((pool, now) -> isLost(pool)).join());
            JsonObject answer = beat("n1", "i1");

            assertThat(answer.string("verdict")).isEqualTo("welcome");
            JsonObject order = answer.objects("orders").get(0);
            assertThat(order.string("workload")).isEqualTo(id);
            assertThat(order.integer("epoch")).isEqualTo(1);
        }
    }

    @Test
    void aNodeThatIsSilentIsLostAndFencedWhenItComesBackWithoutSayingThatItGoesOnAsTold() throws Exception {
        try (ControlPlane plane = open(LEASE);
                ApiServer ignored = ApiServer.start(directory, plane, null, ServiceRange.usual())) {
            beat("n1", "i1");
            assertThat(beat("n1", "i2").string("verdict")).isEqualTo("wait");

            await().atMost(Duration.ofMinutes(2))
                    .until(() -> plane.look((pool, now) -> isLost(pool)).join());

            String beat = PoolJson.beat(
                    new Command.Join("n1", "i1", CAPACITY),
                    List.of(),
                    List.of(),
                    null,
                    ImageOffer.NONE,
                    SelfReport.WELL);
            assertThat(client().post("/v1/beat", beat.replace("\"goesOnAsTold\":true", "\"goesOnAsTold\":false"))
                            .string("verdict"))
                    .isEqualTo("fenced");
            assertThat(beat("n1", "i2").string("verdict")).isEqualTo("welcome");
        }
    }

    @Test
    void aNodeThatIsHeardLateTakesNoNewWorkloads() throws Exception {
        try (ControlPlane plane = open(LEASE);
                ApiServer ignored = ApiServer.start(directory, plane, null, ServiceRange.usual())) {
            beat("n1", "i1");
            beat("n2", "i1");

            await().atMost(Duration.ofMinutes(2))
                    .until(
                            () -> plane.look((pool, now) -> pool.eventsAfter(0, 100)).join().stream()
                                    .anyMatch(
                                            event -> event.reason()
                                                    .contains(
                                                            "is suspect and takes no new workloads: heartbeat: it has not been heard")));
        }
    }

    @Test
    void whatAProbeFindsMakesANodeSuspectUntilItIsGone() throws Exception {
        Map<Probe, String> slow = Map.of(Probe.DISK, "slow");
        try (ControlPlane plane = open(LONG_LEASE);
                ApiServer ignored = ApiServer.start(directory, plane, null, ServiceRange.usual())) {
            beat("n1", "i1");
            beat("n2", "i1");
            beat("n1", slow);
            beat("n1", Map.of(Probe.DISK, "slower"));
            assertThat(PoolJson.node(client().get("/v1/nodes").objects("nodes").get(0))
                            .condition())
                    .isEqualTo("suspect");
            assertThat(plane.look((pool, now) -> pool.findings("n1")).join()).isEqualTo(slow);

            // That is for the pool alone to find.
            beat("n1", Map.of(Probe.HEARTBEAT, "late"));
            assertThat(plane.look((pool, now) -> pool.findings("n1")).join()).isEmpty();
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> PoolJson.node(
                                    client().get("/v1/nodes").objects("nodes").get(0))
                            .condition()
                            .equals("ready"));
        }
    }

    @Test
    void howFastANodeWasCountsForTheOthersUntilItIsLost() throws Exception {
        try (ControlPlane plane = open(LEASE);
                ApiServer ignored = ApiServer.start(directory, plane, null, ServiceRange.usual())) {
            SelfReport speed = new SelfReport(Map.of(), 7);
            beat("n1", speed);
            beat("n2", speed);
            assertThat(beat("n3", speed).integer("typicalWorkNanos")).isEqualTo(7);

            await().atMost(Duration.ofMinutes(2)).until(() -> !beat("n1", speed).has("typicalWorkNanos"));
        }
    }

    private void beat(String node, Map<Probe, String> findings) throws PoolException {
        beat(node, new SelfReport(findings, 0));
    }

    private JsonObject beat(String node, SelfReport self) throws PoolException {
        Command.Join join = new Command.Join(node, "i1", CAPACITY);
        return client().post("/v1/beat", PoolJson.beat(join, List.of(), List.of(), null, ImageOffer.NONE, self));
    }

    @Test
    void nodesAreAskedWhatTheirAcceleratorsAreUntilItIsKnown() throws Exception {
        String description = new Equipment(Set.of("cpu"), List.of()).text();
        String key = ContentHash.of(description);
        try (ControlPlane plane = open(LONG_LEASE);
                ApiServer ignored = ApiServer.start(directory, plane, null, ServiceRange.usual())) {
            assertThat(beat("n1", "i1").flag("wantsEquipment")).isFalse();
            assertThat(beat("n2", key, null).flag("wantsEquipment")).isTrue();
            assertThat(beat("n2", key, description).flag("wantsEquipment")).isFalse();
            assertThat(beat("n3", key, null).flag("wantsEquipment")).isFalse();
            assertThatThrownBy(() -> beat("n4", key.replace('a', 'b'), description))
                    .isInstanceOf(PoolException.class)
                    .hasMessageContaining("is not what 'equipment' stands for");
        }

        try (ControlPlane again = open(LONG_LEASE);
                ApiServer ignored = ApiServer.start(directory, again, null, ServiceRange.usual())) {
            assertThat(beat("n2", key, null).flag("wantsEquipment")).isTrue();
        }
    }

    /** That of a later version, for one: a node is of use without it. */
    @Test
    void aDescriptionOfAcceleratorsThatCannotBeReadIsPassedOver() throws Exception {
        String later = "9.later";
        try (ControlPlane plane = open(LONG_LEASE);
                ApiServer ignored = ApiServer.start(directory, plane, null, ServiceRange.usual())) {
            JsonObject answer = beat("n1", ContentHash.of(later), later);

            assertThat(answer.string("verdict")).isEqualTo("welcome");
            assertThat(answer.flag("wantsEquipment")).isFalse();
        }
    }

    @Test
    void aNodeIsToldOfWhichWorkloadsItNeedKeepNoImages() throws Exception {
        try (ControlPlane plane = open(LONG_LEASE);
                ApiServer ignored = ApiServer.start(directory, plane, null, ServiceRange.usual())) {
            beat("n1", "i1");
            String runs = submit("k");
            String ended = submit("l");
            plane.submit(new Command.Cancel(ended)).join();
            List<HeldImage> held = List.of(
                    new HeldImage(runs, "000001-a"),
                    new HeldImage(ended, "000001-a"),
                    new HeldImage(ended, "000002-a"),
                    new HeldImage("none-1", "000001-a"));

            assertThat(gone("n1", held)).containsExactly(ended, "none-1");
            // Whether there is a workload is not for nodes that it never came to.
            assertThat(gone("n2", held)).containsExactly(runs, ended, "none-1");
        }
    }

    private List<String> gone(String node, List<HeldImage> held) throws Exception {
        Command.Join join = new Command.Join(node, "i1", CAPACITY);
        return client().post(
                        "/v1/beat",
                        PoolJson.beat(join, List.of(), List.of(), null, new ImageOffer(held, null), SelfReport.WELL))
                .strings("gone");
    }

    private JsonObject beat(String node, String equipment, @Nullable String description) throws PoolException {
        Command.Join join = new Command.Join(node, node, CAPACITY, Location.NOWHERE, equipment);
        return client().post(
                        "/v1/beat",
                        PoolJson.beat(join, List.of(), List.of(), description, ImageOffer.NONE, SelfReport.WELL));
    }

    @Test
    void aNodeIsTakenToHaveBeatenWhenTheControlProcessStarts() throws Exception {
        try (ControlPlane plane = open(LONG_LEASE);
                ApiServer ignored = ApiServer.start(directory, plane, null, ServiceRange.usual())) {
            beat("n1", "i1");
        }

        try (ControlPlane again = open(LEASE)) {
            assertThat(again.look((pool, now) -> isLost(pool)).join()).isFalse();
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> again.look((pool, now) -> isLost(pool)).join());
        }
    }

    @Test
    void aNodeOfAClosedPoolThatHoldsNothingIsToldToEnd() throws Exception {
        try (ControlPlane plane = open(LONG_LEASE);
                ApiServer ignored = ApiServer.start(directory, plane, null, ServiceRange.usual())) {
            beat("n1", "i1");
            plane.submit(new Command.Close(true)).join();

            assertThat(beat("n1", "i1").string("verdict")).isEqualTo("stop");
            assertThat(plane.look((pool, now) -> isLost(pool)).join()).isTrue();
        }
    }

    @Test
    void answersWhatItDoesNotUnderstandWithAReason() throws Exception {
        try (ControlPlane plane = open(LONG_LEASE);
                ApiServer ignored = ApiServer.start(directory, plane, null, ServiceRange.usual())) {
            assertRefused("/v1/workloads", "{", "request");
            assertRefused("/v1/workloads", "{\"needs\":\"a\"}", "unknown key");
            assertRefused("/v1/workloads", SUBMISSION.replace("\"/\"", "\"here\""), "not absolute");
            assertRefused("/v1/workloads", SUBMISSION.replace("job", "../job"), "name");
            assertRefused("/v1/nothing", "{}", "no such request");
            assertRefused("/", "{}", "there is no POST for /");
            assertRefused("/v1/workloads/none/suspend", "{}", "no workload none");
            assertThat(client().get("/v1/workloads").objects("workloads")).isEmpty();
        }
    }

    @Test
    void aDirectoryThatOthersMayEnterIsRefused() throws IOException {
        Files.setPosixFilePermissions(directory.path(), PosixFilePermissions.fromString("rwxr-x---"));

        assertThatThrownBy(directory::prepare).isInstanceOf(IOException.class).hasMessageContaining("is not safe");
    }

    private ControlPlane open(Duration lease) throws IOException {
        return ControlPlane.open(directory.journal(), Policy.USUAL, lease);
    }

    private PoolClient client() {
        return new PoolClient(directory.socket(), Duration.ofMinutes(2));
    }

    private JsonObject beat(String node, String incarnation) throws PoolException {
        return client().post(
                        "/v1/beat",
                        PoolJson.beat(
                                new Command.Join(node, incarnation, CAPACITY),
                                List.of(),
                                List.of(),
                                null,
                                ImageOffer.NONE,
                                SelfReport.WELL));
    }

    private void assertRefused(String path, String body, String reason) {
        assertThatThrownBy(() -> client().post(path, body))
                .isInstanceOf(PoolException.class)
                .hasMessageContaining(reason);
    }

    private static boolean isLost(Pool pool) {
        return !pool.nodes().get(0).alive();
    }

    private String submit(String key) throws Exception {
        return client().postOnce(key, "/v1/workloads", SUBMISSION).string("id");
    }
}
