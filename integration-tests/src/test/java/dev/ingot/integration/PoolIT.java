package dev.ingot.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import dev.ingot.integration.program.Parent;
import dev.ingot.scheduler.pool.Event;
import dev.ingot.scheduler.pool.WorkloadState;
import dev.ingot.scheduler.wire.PoolException;
import dev.ingot.testkit.Jdk;
import dev.ingot.testkit.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Whatever happens to a pool that the command directs, programs write what they would have written. */
class PoolIT extends LivePool {
    @Test
    void suspendsResumesAndMigrates() throws Exception {
        start();
        String id = submit("standard", "10m");
        awaitSteps(id);

        assertThat(ingot("pool", "suspend", id)).isEmpty();
        assertThat(workload(id).state()).isEqualTo(WorkloadState.HELD);
        assertThat(programs()).isEmpty();
        ingot("pool", "resume", id);
        String node = awaitRunning(id);
        String other = ingot("pool", "migrate", id).strip();
        assertThat(other).isNotEqualTo(node);
        assertThat(workload(id).node()).isEqualTo(other);
        ingot("pool", "drain", other);
        await().atMost(LIMIT).until(() -> node.equals(workload(id).node()) && isRunning(id));
        brake.release();

        assertEndsAsIfNothingHadHappened(id);
    }

    @Test
    void whatTheAgentSaysIsNotAmongWhatTheProgramWrites() throws Exception {
        start(1);
        Program parent = Program.of(Parent.class);
        List<String> words = new ArrayList<>(List.of("submit", "--every", "200ms", "--"));
        words.add(Jdk.ofThisProcess().java().toString());
        words.addAll(parent.options());
        words.add(parent.main());
        Path home = Files.createTempDirectory(directory, "home");
        String id = output(command(words.toArray(String[]::new)).directory(home.toFile()))
                .strip();

        await().atMost(LIMIT)
                .until(() -> workload(id).history().stream()
                        .anyMatch(event -> event.reason().startsWith("the agent warns: checkpoint (")));
        Files.createFile(home.resolve("finish"));
        String output = ingot("pool", "logs", "--follow", id);

        assertThat(output).isEqualTo("begun\nend\n");
        assertThat(workload(id).state()).isEqualTo(WorkloadState.DONE);
    }

    @Test
    void goesOnElsewhereWhenANodeIsKilled() throws Exception {
        lease = "3s";
        start();
        String id = submit("standard", "200ms");
        awaitImage(id);
        String node = awaitRunning(id);

        node(node).destroyForcibly();

        // Its programs end with it, before the pool knows.
        await().atMost(LIMIT).until(() -> programs().isEmpty());
        await().atMost(LIMIT).until(() -> !node.equals(workload(id).node()) && isRunning(id));
        brake.release();
        assertEndsAsIfNothingHadHappened(id);
        assertThat(workload(id).history().stream().map(Event::reason))
                .anyMatch(reason -> reason.equals("node " + node + " was lost; it goes on from its newest image"));
        // Another process of that name has been started.
        await().atMost(LIMIT)
                .until(() -> ingot("nodes")
                                .lines()
                                .filter(line -> line.contains(" ready "))
                                .count()
                        == 2);
    }

    @Test
    void aNodeThatHangsRunsNothingAndGivesUpWhatItHadWhenItIsBack() throws Exception {
        lease = "3s";
        start();
        String id = submit("standard", "200ms");
        awaitImage(id);
        String node = awaitRunning(id);
        ProcessHandle hanging = node(node);
        ProcessHandle copy = programs().get(0);

        signal("STOP", hanging);
        await().atMost(LIMIT).until(() -> !node.equals(workload(id).node()) && isRunning(id));
        assertThat(state(copy)).isEqualTo("T");
        signal("CONT", hanging);

        await().atMost(LIMIT).until(() -> !copy.isAlive());
        await().atMost(LIMIT).until(() -> isAlive(node));
        assertThat(hanging.isAlive()).isTrue();
        brake.release();
        assertEndsAsIfNothingHadHappened(id);
    }

    @Test
    void aNodeThatHangsForLongerThanItsLeaseGoesOnWhereItsProgramsAreIfNobodyElseHas() throws Exception {
        lease = "3s";
        start(1);
        // Without an image it would have to begin again.
        String id = submit("standard", "10m");
        awaitSteps(id);
        ProcessHandle hanging = node("node1");
        ProcessHandle copy = programs().get(0);

        signal("STOP", hanging);
        await().atMost(LIMIT).until(() -> workload(id).state() == WorkloadState.QUEUED);
        assertThat(state(copy)).isEqualTo("T");
        signal("CONT", hanging);

        awaitRunning(id);
        await().atMost(LIMIT).until(() -> !state(copy).equals("T"));
        brake.release();
        assertEndsAsIfNothingHadHappened(id);
        assertThat(workload(id).epoch()).isEqualTo(1);
        assertThat(workload(id).history().stream().map(Event::reason))
                .contains("goes on where it stood still, since node node1 is heard again");
    }

    @Test
    void aStandbyTakesOverFromAKilledControlProcessAndEndsWithAStoppedPool() throws Exception {
        start(1);
        String id = submit("standard", "200ms");
        awaitSteps(id);
        start(1, "--standby");
        await().atMost(LIMIT).until(() -> said("stands by for the pool at") == 1);

        controls.get(0).destroyForcibly().waitFor();

        await().atMost(LIMIT).until(() -> said("the pool is up at") == 2);
        String after = submit("standard", "10m");
        brake.release();
        assertEndsAsIfNothingHadHappened(id);
        assertEndsAsIfNothingHadHappened(after);
        assertThat(workload(id).epoch()).isEqualTo(1);

        start(1, "--standby");
        await().atMost(LIMIT).until(() -> said("stands by for the pool at") == 2);
        controls.get(1).destroy();
        assertThat(controls.get(1).waitFor()).isZero();
        assertThat(controls.get(2).waitFor()).isZero();
        assertThat(said("the pool was stopped; 'ingot up' goes on with it")).isEqualTo(1);
    }

    /** How often control processes have said that. */
    private long said(String what) throws IOException {
        return Files.readAllLines(directory.resolve("control")).stream()
                .filter(line -> line.contains(what))
                .count();
    }

    @Test
    void noAcknowledgedSubmissionIsLostHoweverOftenTheControlProcessIsKilled() throws Exception {
        start();
        AtomicBoolean done = new AtomicBoolean();
        List<String> acknowledged = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> client = CompletableFuture.runAsync(() -> {
            while (!done.get()) {
                acknowledged.add(submitUntilAcknowledged("key " + acknowledged.size()));
            }
        });

        for (int kill = 0; kill < 3; kill++) {
            int before = acknowledged.size();
            await().atMost(LIMIT).until(() -> acknowledged.size() > before + 5);
            controls.get(controls.size() - 1).destroyForcibly().waitFor();
            start();
        }
        done.set(true);
        client.get();

        assertThat(allIds()).doesNotHaveDuplicates().containsExactlyElementsOf(acknowledged);
    }

    private List<String> allIds() throws Exception {
        List<String> ids = new ArrayList<>();
        long next = 0;
        do {
            JsonObject page = client().get("/v1/workloads?limit=1000&after=" + next);
            page.objects("workloads").forEach(workload -> ids.add(id(workload)));
            next = page.has("next") ? page.integer("next") : 0;
        } while (next > 0);
        return ids;
    }

    /** Of a workload that fits nowhere, so that the number of these does not matter. */
    private String submitUntilAcknowledged(String key) {
        String request = "{\"name\":\"huge\",\"tier\":\"basic\",\"resources\":{\"cores\":1000},"
                + "\"command\":[\"java\",\"Huge\"],\"directory\":\"/\"}";
        while (true) {
            try {
                return id(client().postOnce(key, "/v1/workloads", request));
            } catch (PoolException unacknowledged) {
                assertThat(unacknowledged.isUnreachable())
                        .as(unacknowledged.getMessage())
                        .isTrue();
            }
        }
    }

    private static String id(JsonObject workload) {
        try {
            return workload.string("id");
        } catch (JsonException malformed) {
            throw new AssertionError(malformed);
        }
    }

    @Test
    void workloadsAndNodesDoNotNoticeAKillOfTheControlProcess() throws Exception {
        start();
        String id = submit("standard", "10m");
        awaitSteps(id);
        List<Long> programs = programs().stream().map(ProcessHandle::pid).toList();
        List<Long> nodes = nodes().stream().map(ProcessHandle::pid).toList();

        controls.get(0).destroyForcibly().waitFor();
        start();

        String late = submit("basic", "10m");
        awaitRunning(late);
        assertThat(workload(id).epoch()).isEqualTo(1);
        assertThat(programs().stream().map(ProcessHandle::pid)).containsAll(programs);
        await().atMost(LIMIT).until(() -> nodes().size() == nodes.size());
        assertThat(nodes().stream().map(ProcessHandle::pid)).containsExactlyInAnyOrderElementsOf(nodes);
        brake.release();
        assertEndsAsIfNothingHadHappened(id);
        assertEndsAsIfNothingHadHappened(late);
    }

    @Test
    void programsStandStillWhileTheControlProcessIsAwayForLongAndGoOnWhereTheyAre() throws Exception {
        lease = "3s";
        start();
        String id = submit("standard", "10m");
        awaitSteps(id);
        ProcessHandle program = programs().get(0);

        controls.get(0).destroyForcibly().waitFor();
        await().atMost(LIMIT).until(() -> state(program).equals("T"));
        start();

        await().atMost(LIMIT).until(() -> !state(program).equals("T"));
        assertThat(workload(id).epoch()).isEqualTo(1);
        brake.release();
        assertEndsAsIfNothingHadHappened(id);
    }

    @Test
    void premiumMakesBasicThenStandardWaitAndTheyGoOnByThemselves() throws Exception {
        start();
        String basic = submit("basic", "10m");
        String standard = submit("standard", "10m");
        awaitSteps(basic);
        awaitSteps(standard);

        String first = submit("premium", "10m");
        awaitSteps(first);
        assertThat(workload(basic).state()).isEqualTo(WorkloadState.QUEUED);
        assertThat(workload(standard).state()).isEqualTo(WorkloadState.RUNNING);
        assertThat(ingot("pool", "why", basic)).contains(first + " (PREMIUM)");
        String second = submit("premium", "10m");
        awaitSteps(second);
        assertThat(workload(standard).state()).isEqualTo(WorkloadState.QUEUED);
        brake.release();

        for (String id : List.of(first, second, standard, basic)) {
            assertEndsAsIfNothingHadHappened(id);
        }
    }

    @Test
    void stopsWithAllWorkloadsSuspendedAndGoesOnWhenItIsStartedAgain() throws Exception {
        start();
        String id = submit("standard", "10m");
        awaitSteps(id);

        controls.get(0).destroy();
        assertThat(controls.get(0).waitFor()).isZero();
        await().atMost(LIMIT).until(() -> nodes().isEmpty() && programs().isEmpty());
        start();
        awaitRunning(id);
        brake.release();

        assertEndsAsIfNothingHadHappened(id);
    }
}
