package dev.ingot.scheduler.pool;

import static dev.ingot.scheduler.pool.HealthState.HEALTHY;
import static dev.ingot.scheduler.pool.HealthState.PROBATION;
import static dev.ingot.scheduler.pool.HealthState.QUARANTINED;
import static dev.ingot.scheduler.pool.HealthState.SUSPECT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import dev.ingot.scheduler.wire.SnapshotJson;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How far nodes are trusted, and what comes of it. Each node has two cores. */
class HealthTest extends PoolScenario {
    private static final long SECOND = 1000;
    private static final long MINUTE = 60 * SECOND;
    private static final long SEEDS = 10;
    private static final Map<Probe, String> SLOW_DISK = Map.of(Probe.DISK, "it took 3000 ms");
    private static final Map<Probe, String> LATE = Map.of(Probe.HEARTBEAT, "it has not been heard");

    @Test
    void theTableOfTransitionsIsThis() {
        Map<HealthSignal, List<HealthState>> table = new EnumMap<>(HealthSignal.class);
        table.put(HealthSignal.FOUND, List.of(SUSPECT, SUSPECT, QUARANTINED, PROBATION));
        table.put(HealthSignal.CLEARED, List.of(HEALTHY, HEALTHY, QUARANTINED, PROBATION));
        table.put(HealthSignal.PERSISTED, List.of(HEALTHY, QUARANTINED, QUARANTINED, QUARANTINED));
        table.put(HealthSignal.FAILED, List.of(QUARANTINED, QUARANTINED, QUARANTINED, QUARANTINED));
        table.put(HealthSignal.OVER, List.of(HEALTHY, SUSPECT, PROBATION, HEALTHY));
        table.put(HealthSignal.LOST, List.of(HEALTHY, HEALTHY, QUARANTINED, PROBATION));
        table.put(HealthSignal.PARDONED, List.of(HEALTHY, HEALTHY, HEALTHY, HEALTHY));

        for (HealthSignal signal : HealthSignal.values()) {
            assertThat(Arrays.stream(HealthState.values()).map(state -> state.on(signal)))
                    .as("%s", signal)
                    .containsExactlyElementsOf(Objects.requireNonNull(table.get(signal)));
        }
    }

    private HealthState health(String node) {
        return Objects.requireNonNull(pool.node(node)).health();
    }

    private void find(String node, Map<Probe, String> findings) {
        apply(new Command.Diagnose(node, Objects.requireNonNull(pool.node(node)).incarnation(), findings));
    }

    private void pass(long millis) {
        now += millis - 1;
        apply(new Command.Tick());
    }

    /** To the instant at which time alone changes something, which is to be the given one. */
    private void passUntil(long expected) {
        assertThat(pool.nextTick(now)).isEqualTo(expected);
        now = expected - 1;
        apply(new Command.Tick());
    }

    @Test
    void aSuspectKeepsWhatItHasAndTakesNothingNewUntilItIsCleared() {
        String running = running(Tier.STANDARD, ONE_CORE);
        String node = node(running);
        find(node, LATE);

        assertThat(health(node)).isEqualTo(SUSPECT);
        assertThat(node(running)).isEqualTo(node);
        assertThat(state(running)).isEqualTo(WorkloadState.RUNNING);
        assertThat(node(submit(Tier.BASIC, TWO_CORES))).isNotEqualTo(node);
        String waiting = submit(Tier.BASIC, ONE_CORE);
        assertThat(state(waiting)).isEqualTo(WorkloadState.QUEUED);
        assertThat(pool.why(now, waiting))
                .contains("Node " + node
                        + " takes no workloads for now, because it is suspect: heartbeat: it has not been heard.");
        find(node, Map.of());
        assertThat(state(waiting)).isEqualTo(WorkloadState.QUEUED);
        now += 5 * SECOND - 1;
        apply(new Command.Tick());

        assertThat(health(node)).isEqualTo(HEALTHY);
        assertThat(node(waiting)).isEqualTo(node);
    }

    @Test
    void whoIsSuspectAgainAndAgainIsClearedLaterEachTime() {
        long clearance = 5 * SECOND;
        for (int time = 0; time < 5; time++) {
            find("n1", LATE);
            find("n1", Map.of());
            passUntil(now + clearance);
            assertThat(health("n1")).isEqualTo(HEALTHY);
            clearance *= 2;
        }
        pass(2 * 60 * MINUTE);
        find("n1", LATE);
        find("n1", Map.of());

        passUntil(now + 5 * SECOND);
    }

    @Test
    void lateBeatsAloneNeverHaveANodeQuarantined() {
        find("n1", LATE);
        pass(60 * MINUTE);

        assertThat(health("n1")).isEqualTo(SUSPECT);
    }

    @Test
    void whatIsOnANodeWhoseProbesKeepFindingSomethingMovesAwayAndNothingIsKilled() {
        String id = running(Tier.STANDARD, ONE_CORE);
        String node = node(id);
        String other = node.equals("n1") ? "n2" : "n1";
        find(node, SLOW_DISK);
        long found = now;
        assertThat(health(node)).isEqualTo(SUSPECT);
        pass(MINUTE);
        find(node, Map.of());
        find(node, SLOW_DISK);
        assertThat(order(id).goal()).isEqualTo(Goal.RUN);
        now = found + 2 * MINUTE - 1;
        apply(new Command.Tick());

        assertThat(health(node)).isEqualTo(QUARANTINED);
        assertThat(events())
                .contains("node " + node
                        + " takes no new workloads for 10 minutes, and those that it has move away: disk: it took"
                        + " 3000 ms; 'ingot uncordon " + node + "' lets it earlier");
        assertThat(order(id).goal()).isEqualTo(Goal.COPY);
        report(id, Phase.RUNNING);
        apply(new Command.Observe(
                other,
                other.equals("n1") ? "i1" : "i2",
                List.of(said(id, view(id).epoch() + 1, Phase.PREPARED, null, 0))));
        assertThat(order(id).goal()).isEqualTo(Goal.SUSPEND);
        report(id, Phase.SUSPENDED);
        assertThat(node(id)).isEqualTo(other);
        assertThat(reasons(id)).contains("moves to " + other + " because node " + node + " is faulty");
    }

    @Test
    void aQuarantineLastsAsLongAsWhatWasFoundAndLongerEachTime() {
        find("n1", SLOW_DISK);
        passUntil(now + 2 * MINUTE);
        assertThat(health("n1")).isEqualTo(QUARANTINED);
        passUntil(now + 10 * MINUTE);
        assertThat(health("n1")).isEqualTo(QUARANTINED);
        find("n1", Map.of());
        assertThat(health("n1")).isEqualTo(QUARANTINED);
        passUntil(now - 1 + 20 * MINUTE);

        assertThat(health("n1")).isEqualTo(PROBATION);
        passUntil(now + 20 * MINUTE);
        assertThat(health("n1")).isEqualTo(HEALTHY);
    }

    private void onProbation() {
        for (int loss = 1; loss <= 3; loss++) {
            apply(new Command.Lose("n1", "i" + (loss == 1 ? "1" : "1" + loss)));
            apply(new Command.Join("n1", "i1" + (loss + 1), TWO_CORES));
        }
        assertThat(health("n1")).isEqualTo(QUARANTINED);
        pass(10 * MINUTE);
        assertThat(health("n1")).isEqualTo(PROBATION);
        apply(new Command.Cordon("n2", true));
    }

    @Test
    void onProbationANodeTakesOneWorkloadAtATime() {
        onProbation();
        String first = submit(Tier.BASIC, ONE_CORE);
        String second = submit(Tier.BASIC, ONE_CORE);

        assertThat(node(first)).isEqualTo("n1");
        assertThat(state(second)).isEqualTo(WorkloadState.QUEUED);
        assertThat(pool.why(now, second)).contains("Node n1 is on probation and takes one workload at a time.");
        apply(new Command.Cancel(first));
        apply(new Command.Observe("n1", "i14", List.of(said(first, 1, Phase.EXITED, null, 137))));
        assertThat(node(second)).isEqualTo("n1");
        pass(10 * MINUTE);
        assertThat(health("n1")).isEqualTo(HEALTHY);
        assertThat(node(submit(Tier.BASIC, ONE_CORE))).isEqualTo("n1");
    }

    @Test
    void nobodyStartsOnANodeOnProbationWhileOthersHaveRoom() {
        onProbation();
        apply(new Command.Cordon("n2", false));

        assertThat(node(submit(Tier.BASIC, ONE_CORE))).isEqualTo("n2");
        assertThat(node(submit(Tier.BASIC, ONE_CORE))).isEqualTo("n2");
        assertThat(node(submit(Tier.BASIC, ONE_CORE))).isEqualTo("n1");
    }

    private String gang(int members) {
        now++;
        return apply(new Command.Submit("gang " + now, PoolLawsTest.gang(Tier.BASIC, ONE_CORE, members, members)))
                .text();
    }

    @Test
    void aGangIsOnANodeOnProbationOnlyWhereItMustBe() {
        onProbation();
        apply(new Command.Cordon("n2", false));
        String pair = gang(2);
        assertThat(List.of(node(pair), node(pair + ".1"))).containsOnly("n2");
        apply(new Command.Cancel(pair));
        for (String member : List.of(pair, pair + ".1")) {
            apply(new Command.Observe("n2", "i2", List.of(said(member, 1, Phase.EXITED, null, 137))));
        }

        String three = gang(3);
        assertThat(List.of(node(three), node(three + ".1"), node(three + ".2")))
                .containsExactlyInAnyOrder("n1", "n2", "n2");
    }

    @Test
    void severalThatWaitAreNotAllStartedOnANodeOnProbation() {
        onProbation();
        apply(new Command.Close(true));
        String first = submit(Tier.BASIC, ONE_CORE);
        String second = submit(Tier.BASIC, ONE_CORE);

        apply(new Command.Close(false));

        assertThat(List.of(state(first), state(second)))
                .containsExactlyInAnyOrder(WorkloadState.STARTING, WorkloadState.QUEUED);
    }

    @Test
    void whoIsLostOnProbationIsQuarantinedForTwiceAsLong() {
        onProbation();
        apply(new Command.Cordon("n2", false));
        apply(new Command.Lose("n1", "i14"));
        apply(new Command.Join("n1", "i15", TWO_CORES));

        assertThat(health("n1")).isEqualTo(QUARANTINED);
        assertThat(events())
                .anyMatch(event -> event.contains(
                        "takes no new workloads for 20 minutes: it was lost once more while it was on probation"));
    }

    @Test
    void lossesThatAreNoneOfAProbationDoNotEndIt() {
        for (int loss = 1; loss <= 4; loss++) {
            apply(new Command.Lose("n1", "i" + (loss == 1 ? "1" : "1" + loss)));
            apply(new Command.Join("n1", "i1" + (loss + 1), TWO_CORES));
        }
        assertThat(health("n1")).isEqualTo(QUARANTINED);
        pass(10 * MINUTE);
        apply(new Command.Tick());
        assertThat(health("n1")).isEqualTo(PROBATION);

        apply(new Command.Leave("n1", "i15"));
        apply(new Command.Lose("n1", "i15"));
        apply(new Command.Join("n1", "i16", TWO_CORES));
        assertThat(health("n1")).isEqualTo(PROBATION);

        apply(new Command.Close(true));
        apply(new Command.Lose("n1", "i16"));
        apply(new Command.Join("n1", "i17", TWO_CORES));
        apply(new Command.Close(false));
        assertThat(health("n1")).isEqualTo(PROBATION);

        apply(new Command.Lose("n1", "i17"));
        assertThat(health("n1")).isEqualTo(QUARANTINED);
    }

    @Test
    void aFindingHasAProbationBeginAnewAndNothingNewComesMeanwhile() {
        onProbation();
        pass(9 * MINUTE);
        find("n1", LATE);
        assertThat(state(submit(Tier.BASIC, ONE_CORE))).isEqualTo(WorkloadState.QUEUED);
        find("n1", Map.of());
        pass(9 * MINUTE);
        assertThat(health("n1")).isEqualTo(PROBATION);
        pass(MINUTE);

        assertThat(health("n1")).isEqualTo(HEALTHY);
    }

    @Test
    void halfOfTheNodesAreTrustedWhateverIsFound() {
        find("n1", SLOW_DISK);
        find("n2", SLOW_DISK);
        assertThat(health("n1")).isEqualTo(SUSPECT);
        assertThat(health("n2")).isEqualTo(HEALTHY);
        find("n1", Map.of());
        pass(5 * SECOND);

        assertThat(health("n1")).isEqualTo(HEALTHY);
        assertThat(health("n2")).isEqualTo(SUSPECT);
    }

    @Test
    void whatAUserHasPardonedCountsAgainOnlyOnceItWasGone() {
        find("n1", SLOW_DISK);
        apply(new Command.Cordon("n1", false));
        assertThat(health("n1")).isEqualTo(HEALTHY);
        pass(10 * MINUTE);
        assertThat(health("n1")).isEqualTo(HEALTHY);
        find("n1", Map.of());
        find("n1", SLOW_DISK);

        assertThat(health("n1")).isEqualTo(SUSPECT);
    }

    @Test
    void whatWasFoundOfAnEarlierIncarnationCountsForNothing() {
        Answer answer = apply(new Command.Diagnose("n1", "i0", SLOW_DISK));

        assertThat(answer.accepted()).isFalse();
        assertThat(health("n1")).isEqualTo(HEALTHY);
    }

    @Test
    void aSnapshotThatKnowsOfNothingButQuarantineIsUnderstood() throws JsonException {
        SnapshotJson reader = new SnapshotJson();
        reader.read(JsonObject.parse("{\"pool\":{\"at\":1,\"movedMillis\":0,\"movedMiB\":0,\"submissions\":0,"
                + "\"closed\":false,\"lastEvent\":0}}"));
        for (Map.Entry<String, Integer> node : Map.of("old", 0, "kept", 600_000).entrySet()) {
            reader.read(JsonObject.parse("{\"node\":{\"name\":\"" + node.getKey()
                    + "\",\"incarnation\":\"i\",\"alive\":true,\"cordoned\":false,\"draining\":false,"
                    + "\"leaving\":false,\"quarantines\":1,\"quarantinedUntil\":" + node.getValue()
                    + ",\"strikes\":[{\"at\":1,\"program\":\"\"}],"
                    + "\"capacity\":{\"milliCores\":1000,\"memoryMiB\":100,\"milliDevices\":0}}}"));
        }
        Pool restored = Pool.restore(Policy.USUAL, reader.snapshot());

        assertThat(restored.nodes().stream().map(NodeView::condition)).containsExactly("quarantined", "ready");
        assertThat(restored.nextTick(1)).isEqualTo(600_000);
    }

    /** Whatever is done to a pool: see {@link PoolLawsTest}. */
    @Test
    void nobodyStartsWhereNodesAreNotTrustedAndHalfOfThemAre() {
        Set<HealthState> seen = new HashSet<>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            List<FakeNodes.Timed> commands = PoolLawsTest.record(new Pool(Policy.USUAL), seed, 300);
            replay(seed, commands, seen);
        }
        // Otherwise it would say nothing of them.
        assertThat(seen).contains(HealthState.values());
    }

    private static void replay(long seed, List<FakeNodes.Timed> commands, Set<HealthState> seen) {
        Pool replayed = new Pool(Policy.USUAL);
        for (FakeNodes.Timed each : commands) {
            Map<String, NodeView> before = new HashMap<>();
            replayed.nodes().forEach(node -> before.put(node.name(), node));
            Map<String, Long> epochs = new HashMap<>();
            replayed.workloads().forEach(view -> epochs.put(view.id(), view.epoch()));

            replayed.apply(each.at(), each.command());

            for (NodeView node : replayed.nodes()) {
                seen.add(node.health());
                NodeView was = before.getOrDefault(node.name(), node);
                if (isTrusted(was) && !isTrusted(node)) {
                    assertHalfIsTrusted(replayed, node);
                }
                long started = replayed.workloads().stream()
                        .filter(view ->
                                node.name().equals(view.node()) && view.epoch() > epochs.getOrDefault(view.id(), 0L))
                        .count();
                if (!isTrusted(node) && !isTrusted(was)) {
                    assertThat(started).as("seed %d, %s, %s", seed, node, each).isZero();
                } else if (node.health() == PROBATION && was.health() == PROBATION && started > 0) {
                    assertThat(node.workloads())
                            .as("seed %d, %s, %s", seed, node, each)
                            .isEqualTo(1);
                }
            }
        }
    }

    private static boolean isTrusted(NodeView node) {
        return node.health() == HEALTHY || node.health() == PROBATION;
    }

    private static void assertHalfIsTrusted(Pool pool, NodeView suspect) {
        List<NodeView> others = pool.nodes().stream()
                .filter(node -> node.alive() && !node.name().equals(suspect.name()))
                .toList();
        assertThat(others.stream()
                                .filter(node -> isTrusted(node) && !node.cordoned())
                                .count()
                        * 2)
                .as("beside %s: %s", suspect, others)
                .isGreaterThanOrEqualTo(others.size() + 1);
    }
}
