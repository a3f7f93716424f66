package dev.ingot.scheduler.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ingot.core.json.JsonObject;
import dev.ingot.scheduler.pool.Command;
import dev.ingot.scheduler.pool.Policy;
import dev.ingot.scheduler.pool.Pool;
import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.WorkloadView;
import dev.ingot.scheduler.wire.PoolClient;
import dev.ingot.scheduler.wire.PoolDirectory;
import dev.ingot.scheduler.wire.PoolException;
import dev.ingot.scheduler.wire.PoolJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The control process but for its main method: requests through its socket, its journal, and nodes played by the test. */
class ControlPlaneTest {
    private static final Resources CAPACITY = new Resources(1000, 1000, 0);
    private static final Duration LEASE = Duration.ofMillis(400);
    private static final Duration LONG_LEASE = Duration.ofMinutes(5);

    // Sockets have short names, which not every place for temporary files allows.
    private PoolDirectory directory = new PoolDirectory(Path.of("/tmp"));

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = new PoolDirectory(Files.createTempDirectory(Path.of("/tmp"), "ingot-pool-"));
        directory.prepare();
    }

    @AfterEach
    void deleteDirectory() throws IOException {
        Files.deleteIfExists(directory.journal());
        Files.deleteIfExists(directory.path());
    }

    @Test
    void whatWasAcknowledgedIsThereAfterARestart() throws Exception {
        List<WorkloadView> before;
        try (ControlPlane plane = open(LONG_LEASE);
                ApiServer server = ApiServer.start(directory.socket(), plane)) {
            assertThat(client(server).post("/v1/workloads", submission("a")).string("id"))
                    .isEqualTo("job-1");
            assertThat(beat(server, "n1", "i1").string("verdict")).isEqualTo("welcome");
            before = plane.look((pool, now) -> pool.workloads()).join();
        }

        try (ControlPlane again = open(LONG_LEASE)) {
            assertThat(again.look((pool, now) -> pool.workloads()).join()).isEqualTo(before);
            assertThat(before).hasSize(1);
        }
    }

    @Test
    void submittingAgainWithTheSameKeyGivesTheSameId() throws Exception {
        try (ControlPlane plane = open(LONG_LEASE);
                ApiServer server = ApiServer.start(directory.socket(), plane)) {
            String first = client(server).post("/v1/workloads", submission("a")).string("id");

            assertThat(client(server).post("/v1/workloads", submission("a")).string("id"))
                    .isEqualTo(first);
            assertThat(client(server).post("/v1/workloads", submission("b")).string("id"))
                    .isNotEqualTo(first);
        }
    }

    @Test
    void aNodeThatIsSilentIsLostAndFencedWhenItComesBack() throws Exception {
        try (ControlPlane plane = open(LEASE);
                ApiServer server = ApiServer.start(directory.socket(), plane)) {
            beat(server, "n1", "i1");
            assertThat(beat(server, "n1", "i2").string("verdict")).isEqualTo("wait");

            await().until(() -> plane.look((pool, now) -> isLost(pool)).join());

            assertThat(beat(server, "n1", "i1").string("verdict")).isEqualTo("fenced");
            assertThat(beat(server, "n1", "i2").string("verdict")).isEqualTo("welcome");
        }
    }

    @Test
    void aNodeIsTakenToHaveBeatenWhenTheControlProcessStarts() throws Exception {
        try (ControlPlane plane = open(LONG_LEASE);
                ApiServer server = ApiServer.start(directory.socket(), plane)) {
            beat(server, "n1", "i1");
        }

        try (ControlPlane again = open(LEASE)) {
            assertThat(again.look((pool, now) -> isLost(pool)).join()).isFalse();
            await().until(() -> again.look((pool, now) -> isLost(pool)).join());
        }
    }

    @Test
    void aNodeOfAClosedPoolThatHoldsNothingIsToldToEnd() throws Exception {
        try (ControlPlane plane = open(LONG_LEASE);
                ApiServer server = ApiServer.start(directory.socket(), plane)) {
            beat(server, "n1", "i1");
            plane.submit(new Command.Close(true)).join();

            assertThat(beat(server, "n1", "i1").string("verdict")).isEqualTo("stop");
            assertThat(plane.look((pool, now) -> isLost(pool)).join()).isTrue();
        }
    }

    @Test
    void answersWhatItDoesNotUnderstandWithAReason() throws Exception {
        try (ControlPlane plane = open(LONG_LEASE);
                ApiServer server = ApiServer.start(directory.socket(), plane)) {
            assertRefused(server, "/v1/workloads", "{", "JSON");
            assertRefused(server, "/v1/workloads", "{\"key\":\"a\"}", "spec");
            assertRefused(server, "/v1/workloads", submission("a").replace("\"/\"", "\"here\""), "not absolute");
            assertRefused(server, "/v1/workloads", submission("a").replace("job", "../job"), "name");
            assertRefused(server, "/v1/nothing", "{}", "no such request");
            assertRefused(server, "/", "{}", "no such request");
            assertRefused(server, "/v1/workloads/none/suspend", "{}", "no workload none");
            assertThat(client(server).get("/v1/workloads").objects("workloads")).isEmpty();
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

    private static PoolClient client(ApiServer server) {
        return new PoolClient(server.socket(), Duration.ofSeconds(30));
    }

    private static JsonObject beat(ApiServer server, String node, String incarnation) throws PoolException {
        return client(server).post("/v1/beat", PoolJson.beat(new Command.Join(node, incarnation, CAPACITY), List.of()));
    }

    private static void assertRefused(ApiServer server, String path, String body, String reason) {
        assertThatThrownBy(() -> client(server).post(path, body))
                .isInstanceOf(PoolException.class)
                .hasMessageContaining(reason);
    }

    private static boolean isLost(Pool pool) {
        return !pool.nodes().get(0).alive();
    }

    private static String submission(String key) {
        return "{\"key\":\"" + key + "\",\"spec\":{\"name\":\"job\",\"tier\":\"basic\",\"priority\":0,"
                + "\"needs\":{\"milliCores\":1000,\"memoryMiB\":10},\"command\":[\"java\",\"Job\"],"
                + "\"directory\":\"/\",\"environment\":{},\"checkpointMillis\":0}}";
    }
}
