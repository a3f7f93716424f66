package dev.ingot.scheduler.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.core.json.JsonException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Images that cannot go on with what every node has in accelerators. Nodes n1 and n2 have cards, n3 and n4 have none. */
class ProspectsTest extends PoolScenario {
    private static final String CARDS = "cards";
    private static final String BARE = "bare";
    private static final Prospect NOTHING_LOST = new Prospect(true, 0, "");
    private static final Prospect IMPOSSIBLE =
            new Prospect(false, 0, "what was on device card:0 cannot go on: there is no device card:0");

    /** n1 and n2 are there without saying what they have. */
    private void nodesSayWhatTheyHave() {
        for (String node : List.of("n1", "n2")) {
            apply(new Command.Lose(node, incarnation(node)));
            apply(new Command.Join(node, node, TWO_CORES, Location.NOWHERE, CARDS));
        }
        for (String node : List.of("n3", "n4")) {
            apply(new Command.Join(node, node, TWO_CORES, Location.NOWHERE, BARE));
        }
    }

    private static String incarnation(String node) {
        return node.replace('n', 'i');
    }

    private void only(String... nodes) {
        for (NodeView node : pool.nodes()) {
            apply(new Command.Cordon(node.name(), !List.of(nodes).contains(node.name())));
        }
    }

    @Override
    void observe(String id, Report report) {
        String node = node(id);
        apply(new Command.Observe(
                node, pool.node(node) == null ? "" : nodeView(node).incarnation(), List.of(report)));
    }

    private NodeView nodeView(String name) {
        return pool.nodes().stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void foresee(String id, long image, Map<String, Prospect> prospects) {
        apply(new Command.Foresee(id, "image " + image, prospects));
    }

    /** Runs on n1 with an image of which that is known. */
    private String runningOnCard(Map<String, Prospect> prospects) {
        only("n1");
        String id = started();
        assertThat(node(id)).isEqualTo("n1");
        foresee(id, 1, prospects);
        image(id, 1, 1);
        return id;
    }

    @Test
    void isNeverPlacedWhereItsImageCannotGoOn() {
        nodesSayWhatTheyHave();
        String id = runningOnCard(Map.of(CARDS, NOTHING_LOST, BARE, IMPOSSIBLE));
        only("n1", "n3", "n4");

        apply(new Command.Lose("n1", "n1"));

        assertThat(state(id)).isEqualTo(WorkloadState.QUEUED);
        assertThat(pool.why(now, id))
                .contains(
                        "Node n3 cannot go on with its image: what was on device card:0 cannot go on: there is no device"
                                + " card:0.");
        only("n2", "n3");
        assertThat(node(id)).isEqualTo("n2");
    }

    @Test
    void whatHasNoImageYetBeginsAnywhere() {
        nodesSayWhatTheyHave();
        only("n3");

        assertThat(node(started())).isEqualTo("n3");
    }

    @Test
    void nothingSpeaksAgainstNodesThatDoNotSayWhatTheyHave() {
        apply(new Command.Join("n3", "n3", TWO_CORES, Location.NOWHERE, BARE));
        String id = runningOnCard(Map.of(CARDS, NOTHING_LOST, BARE, IMPOSSIBLE));
        only("n2", "n3");

        apply(new Command.Lose("n1", "i1"));

        assertThat(node(id)).isEqualTo("n2");
    }

    @Test
    void goesOnWhereLeastIsComputedAgain() {
        for (boolean bareIsCheaper : List.of(true, false)) {
            ProspectsTest other = new ProspectsTest();
            other.addNodes();
            other.nodesSayWhatTheyHave();
            String id = other.runningOnCard(Map.of(
                    CARDS, new Prospect(true, bareIsCheaper ? 800 : 5, ""),
                    BARE, new Prospect(true, bareIsCheaper ? 5 : 800, "")));
            other.only("n2", "n3");

            other.apply(new Command.Lose("n1", "n1"));

            assertThat(other.node(id)).isEqualTo(bareIsCheaper ? "n3" : "n2");
        }
    }

    @Test
    void itsNewestImageDecides() {
        nodesSayWhatTheyHave();
        String id = runningOnCard(Map.of(CARDS, NOTHING_LOST, BARE, NOTHING_LOST));
        foresee(id, 2, Map.of(CARDS, NOTHING_LOST, BARE, IMPOSSIBLE));
        only("n1", "n3");
        assertThat(pool.apply(now, new Command.Migrate(id, "n3")).accepted()).isTrue();

        report(id, 2);

        assertThat(state(id)).isEqualTo(WorkloadState.STARTING);
        assertThat(node(id)).as("it stays with what it was on").isEqualTo("n1");
    }

    private void report(String id, long image) {
        apply(new Command.Observe("n3", "n3", List.of(said(id, view(id).epoch() + 1, Phase.PREPARED, null, 0))));
        if (state(id) == WorkloadState.RUNNING) {
            now += 120_000;
            apply(new Command.Tick());
        }
        assertThat(state(id)).isEqualTo(WorkloadState.SUSPENDING);
        observe(id, said(id, view(id).epoch(), Phase.SUSPENDED, reference(image, 2), 0));
    }

    @Test
    void aMoveToWhereItCannotGoOnIsRefusedInWords() {
        nodesSayWhatTheyHave();
        String id = runningOnCard(Map.of(CARDS, NOTHING_LOST, BARE, IMPOSSIBLE));
        only("n1", "n3");

        Answer named = apply(new Command.Migrate(id, "n3"));
        Answer any = apply(new Command.Migrate(id, null));

        assertThat(named.accepted()).isFalse();
        assertThat(named.text())
                .isEqualTo(id
                        + " cannot go to node n3 from its newest image: what was on device card:0 cannot go on: there"
                        + " is no device card:0");
        assertThat(any.accepted()).isFalse();
        assertThat(any.text()).contains("can go on from its newest image: on n3, what was on device card:0");
    }

    @Test
    void nodesThatItCannotGoOnOnAreNotKeptForIt() {
        nodesSayWhatTheyHave();
        String id = runningOnCard(Map.of(CARDS, NOTHING_LOST, BARE, IMPOSSIBLE));
        only("n3", "n4");
        apply(new Command.Lose("n1", "n1"));
        now += 10 * Policy.USUAL.patienceMillis();
        apply(new Command.Tick());

        assertThat(view(id).claim()).isNull();
        assertThat(state(id)).isEqualTo(WorkloadState.QUEUED);
        // Others start there.
        assertThat(node(submit(Tier.BASIC, TWO_CORES))).isIn("n3", "n4");
    }

    @Test
    void nobodyIsSuspendedForItWhereItCannotGoOn() {
        nodesSayWhatTheyHave();
        String id = runningOnCard(Map.of(CARDS, NOTHING_LOST, BARE, IMPOSSIBLE));
        only("n3");
        String weak = running(Tier.BASIC, TWO_CORES);
        apply(new Command.Lose("n1", "n1"));
        now += 600_000;
        apply(new Command.Tick());

        assertThat(state(weak)).isEqualTo(WorkloadState.RUNNING);
        assertThat(state(id)).isEqualTo(WorkloadState.QUEUED);
    }

    /** Who fits nowhere because of its image says nothing of others that need as much. */
    @Test
    void othersThatAreLikeItOtherwiseStart() {
        nodesSayWhatTheyHave();
        String id = runningOnCard(Map.of(CARDS, NOTHING_LOST, BARE, IMPOSSIBLE));
        only("n3");
        apply(new Command.Lose("n1", "n1"));
        String alike = submit(Tier.STANDARD, ONE_CORE);

        assertThat(state(id)).isEqualTo(WorkloadState.QUEUED);
        assertThat(node(alike)).isEqualTo("n3");
    }

    @Test
    void membersOfAGangStartWhereAllOfThemCanGoOn() {
        nodesSayWhatTheyHave();
        only("n1", "n2");
        now++;
        String leader = apply(new Command.Submit("gang", PoolLawsTest.gang(Tier.STANDARD, ONE_CORE, 2, 2)))
                .text();
        List<String> members = pool.workloads().stream().map(WorkloadView::id).toList();
        members.forEach(this::start);
        apply(new Command.Suspend(leader));
        for (String member : members) {
            long image = members.indexOf(member) + 1L;
            foresee(member, image, Map.of(CARDS, NOTHING_LOST, BARE, image == 1 ? NOTHING_LOST : IMPOSSIBLE));
            observe(member, said(member, view(member).epoch(), Phase.SUSPENDED, reference(image, 1), 0));
        }
        only("n3", "n4");
        apply(new Command.Resume(leader));
        assertThat(members).allMatch(member -> state(member) == WorkloadState.QUEUED);
        only("n1", "n3", "n4");

        assertThat(members).allMatch(member -> node(member).equals("n1"));
    }

    /** Of two that cost as much otherwise, the one goes that computes less a second time. */
    @Test
    void theVictimIsWhomItCostsLess() {
        nodesSayWhatTheyHave();
        only("n1");
        String dear = running(Tier.BASIC, ONE_CORE);
        String cheap = running(Tier.BASIC, ONE_CORE);
        foresee(dear, images - 1, Map.of(CARDS, new Prospect(true, 700, "")));
        foresee(cheap, images, Map.of(CARDS, new Prospect(true, 3, "")));
        assertVictim(cheap, dear);
        assertThat(new ProspectsTest().victimsWithoutProspects())
                .as("who came last")
                .isEqualTo(1);
    }

    private void assertVictim(String victim, String spared) {
        now += 600_000;
        submit(Tier.PREMIUM, ONE_CORE);
        assertThat(state(victim)).isEqualTo(WorkloadState.SUSPENDING);
        assertThat(state(spared)).isEqualTo(WorkloadState.RUNNING);
    }

    private int victimsWithoutProspects() {
        addNodes();
        only("n1");
        List<String> both = List.of(running(Tier.BASIC, ONE_CORE), running(Tier.BASIC, ONE_CORE));
        now += 600_000;
        submit(Tier.PREMIUM, ONE_CORE);
        return both.indexOf(both.stream()
                .filter(id -> state(id) == WorkloadState.SUSPENDING)
                .findFirst()
                .orElseThrow());
    }

    @Test
    void whatWasForeseenIsInASnapshotAndDecidesAfterIt() throws JsonException {
        nodesSayWhatTheyHave();
        String id = runningOnCard(Map.of(CARDS, NOTHING_LOST, BARE, IMPOSSIBLE));
        only("n1", "n3");

        Pool restored = Pool.restore(Policy.USUAL, PoolSnapshotTest.byWayOfText(pool.snapshot()));
        restored.apply(now, new Command.Lose("n1", "n1"));

        assertThat(restored.snapshot().workloads().get(0).prospects()).containsOnlyKeys("image 1");
        assertThat(restored.workloads().stream().filter(view -> view.id().equals(id)))
                .allMatch(view -> view.state() == WorkloadState.QUEUED);
    }

    @Test
    void whatIsKnownOfImagesThatNobodyNeedsIsForgotten() {
        nodesSayWhatTheyHave();
        String id = runningOnCard(Map.of(CARDS, NOTHING_LOST));
        for (long image = 2; image < 50; image++) {
            foresee(id, image, Map.of(CARDS, NOTHING_LOST));
            image(id, image, image);
        }

        assertThat(pool.snapshot().workloads().get(0).prospects()).hasSizeLessThan(10);
    }
}
