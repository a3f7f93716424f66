package dev.ingot.scheduler.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the pool decides, case by case. Each node has two cores. */
class PoolTest {
    private static final Resources TWO_CORES = new Resources(2000, 4000, 0);
    private static final Resources ONE_CORE = new Resources(1000, 100, 0);

    private final Pool pool = new Pool(Policy.USUAL);
    private long now = 1000;
    private long images;

    @BeforeEach
    void addNodes() {
        apply(new Command.Join("n1", "i1", TWO_CORES));
        apply(new Command.Join("n2", "i2", TWO_CORES));
    }

    @Test
    void submittingTwiceWithOneKeyIsSubmittingOnce() {
        Command submit = new Command.Submit("key", PoolLawsTest.spec(Tier.BASIC, ONE_CORE));

        String first = apply(submit).text();

        assertThat(apply(submit).text()).isEqualTo(first);
        assertThat(pool.workloads()).hasSize(1);
    }

    @Test
    void premiumTakesTheRoomOfBasicBeforeStandardAndVictimsResumeByThemselves() {
        String standard = running(Tier.STANDARD, TWO_CORES);
        String basic = running(Tier.BASIC, TWO_CORES);

        String premium = submit(Tier.PREMIUM, ONE_CORE);

        assertThat(state(basic)).isEqualTo(WorkloadState.SUSPENDING);
        assertThat(state(standard)).isEqualTo(WorkloadState.RUNNING);
        assertThat(state(premium)).isEqualTo(WorkloadState.QUEUED);
        report(basic, Phase.SUSPENDED);
        assertThat(state(premium)).isEqualTo(WorkloadState.STARTING);
        assertThat(state(basic)).isEqualTo(WorkloadState.QUEUED);
        report(premium, Phase.RUNNING);
        report(premium, Phase.EXITED);
        assertThat(state(basic)).isEqualTo(WorkloadState.STARTING);
        assertThat(order(basic).image()).isNotNull();
    }

    @Test
    void suspendsNobodyWhereThatWouldNotBeEnough() {
        String first = running(Tier.BASIC, TWO_CORES);
        String second = running(Tier.BASIC, TWO_CORES);

        String large = submit(Tier.PREMIUM, new Resources(3000, 100, 0));

        assertThat(state(first)).isEqualTo(WorkloadState.RUNNING);
        assertThat(state(second)).isEqualTo(WorkloadState.RUNNING);
        assertThat(pool.why(now, large)).anyMatch(reason -> reason.contains("n1 is too small"));
        for (int i = 2; i < 9; i++) {
            pool.apply(now, new Command.Join("n" + i, "1", new Resources(1, 1, 0)));
        }
        assertThat(pool.why(now, large)).anyMatch(reason -> reason.equals("5 other nodes are too small."));
    }

    @Test
    void suspendsNoMoreThanNeededAndCountsWhatIsBeingSuspended() {
        List<String> basics =
                Stream.generate(() -> running(Tier.BASIC, ONE_CORE)).limit(4).toList();

        submit(Tier.PREMIUM, ONE_CORE);
        submit(Tier.PREMIUM, ONE_CORE);

        assertThat(basics.stream().filter(id -> state(id) == WorkloadState.SUSPENDING))
                .hasSize(2);
    }

    @Test
    void aVictimThatCannotBeSuspendedGoesOnAndAnotherIsChosen() {
        String first = running(Tier.BASIC, TWO_CORES);
        String second = running(Tier.BASIC, TWO_CORES);
        submit(Tier.PREMIUM, TWO_CORES);
        String victim = state(first) == WorkloadState.SUSPENDING ? first : second;

        refuse(victim);

        assertThat(state(victim)).isEqualTo(WorkloadState.RUNNING);
        assertThat(state(victim.equals(first) ? second : first)).isEqualTo(WorkloadState.SUSPENDING);
    }

    @Test
    void whatTheAgentWarnsOfIsInTheHistoryOnceHoweverOftenItIsSaid() {
        String id = running(Tier.STANDARD, ONE_CORE);
        Report report = new Report(id, 1, Phase.RUNNING, null, 0, 0, 0, null, "a child process runs");

        Command.Observe observe = new Command.Observe(node(id), node(id).equals("n1") ? "i1" : "i2", List.of(report));
        assertThat(pool.isNews(observe)).isTrue();
        apply(observe);
        apply(observe);

        assertThat(pool.isNews(observe)).isFalse();
        assertThat(view(id).history().stream().map(Event::reason))
                .filteredOn(reason -> reason.startsWith("the agent warns"))
                .containsExactly("the agent warns: a child process runs");
        assertThat(view(id).problem()).isNull();
    }

    @Test
    void whatALostNodeRanGoesOnElsewhereFromItsNewestImage() {
        String id = running(Tier.STANDARD, ONE_CORE);
        String node = node(id);
        report(id, Phase.RUNNING, 10);
        report(id, Phase.RUNNING, 20);

        apply(new Command.Lose(node, node.equals("n1") ? "i1" : "i2"));

        assertThat(node(id)).isNotEqualTo(node);
        assertThat(view(id).base()).containsExactly(new OutputPart(1, 20));
        assertThat(Objects.requireNonNull(order(id).image()).sequence()).isEqualTo(images);
    }

    @Test
    void aLostNodeIsNotHeardAnyMore() {
        String id = running(Tier.STANDARD, ONE_CORE);
        String node = node(id);
        String incarnation = node.equals("n1") ? "i1" : "i2";
        apply(new Command.Lose(node, incarnation));

        Answer answer = apply(new Command.Observe(node, incarnation, List.of(said(id, 1, Phase.EXITED, null, 0))));

        assertThat(answer.accepted()).isFalse();
        assertThat(state(id)).isEqualTo(WorkloadState.STARTING);
    }

    @Test
    void anOlderEpochIsNotHeardAnyMore() {
        String id = running(Tier.STANDARD, ONE_CORE);
        apply(new Command.Suspend(id));
        report(id, Phase.SUSPENDED);
        apply(new Command.Resume(id));
        assertThat(view(id).epoch()).isEqualTo(2);

        observe(id, said(id, 1, Phase.EXITED, null, 0));

        assertThat(state(id)).isEqualTo(WorkloadState.STARTING);
    }

    @Test
    void migratesToTheOtherNodeAndKeepsItsRoomMeanwhile() {
        String id = running(Tier.STANDARD, TWO_CORES);
        String node = node(id);

        apply(new Command.Migrate(id, null));
        String other = submit(Tier.STANDARD, TWO_CORES);

        assertThat(state(other)).isEqualTo(WorkloadState.QUEUED);
        image(id, 1, 10);
        apply(ready(id, node.equals("n1") ? "n2" : "n1", 2));
        report(id, Phase.SUSPENDED);
        assertThat(node(id)).isNotEqualTo(node);
        assertThat(node(other)).isEqualTo(node);
    }

    @Test
    void standsStillOnlyOnceTheOtherNodeIsReady() {
        String id = started();
        image(id, 1, 10);
        String target = node(id).equals("n1") ? "n2" : "n1";

        apply(new Command.Migrate(id, null));

        assertThat(state(id)).isEqualTo(WorkloadState.RUNNING);
        assertThat(order(id).goal()).isEqualTo(Goal.COPY);
        assertThat(pool.orders(target)).isEmpty();
        image(id, 2, 20);
        assertThat(order(id).goal()).isEqualTo(Goal.RUN);
        Order prepare = pool.orders(target).get(0);
        assertThat(prepare.goal()).isEqualTo(Goal.PREPARE);
        assertThat(prepare.image()).isEqualTo(reference(2, 20));
        image(id, 3, 30);
        assertThat(pool.orders(target).get(0).image()).isEqualTo(reference(2, 20));
        assertThat(pool.isPreparing(id, target, prepare.epoch())).isTrue();
        Command.Observe ready = ready(id, target, prepare.epoch());
        assertThat(pool.isNews(ready)).isTrue();
        apply(ready);
        assertThat(state(id)).isEqualTo(WorkloadState.SUSPENDING);
        assertThat(pool.isNews(ready)).isFalse();
        report(id, Phase.SUSPENDED);
        assertThat(node(id)).isEqualTo(target);
        assertThat(order(id).goal()).isEqualTo(Goal.RUN);
        assertThat(order(id).epoch()).isEqualTo(prepare.epoch());
        assertThat(pool.orders(target)).hasSize(1);
    }

    @Test
    void movesWithoutPreparationWhereThatTakesTooLong() {
        String id = started();
        image(id, 1, 10);
        apply(new Command.Migrate(id, null));

        now = pool.nextTick(now);
        apply(new Command.Tick());

        assertThat(state(id)).isEqualTo(WorkloadState.SUSPENDING);
        assertThat(reasons(id)).anyMatch(reason -> reason.endsWith("which did not get ready in time"));
    }

    @Test
    void theEpochThatAnotherNodeGotReadyForIsNobodyElses() {
        String id = started();
        image(id, 1, 10);
        String home = node(id);
        String target = home.equals("n1") ? "n2" : "n1";
        apply(new Command.Migrate(id, null));
        image(id, 2, 20);
        long prepared = pool.orders(target).get(0).epoch();

        apply(new Command.Lose(target, target.equals("n1") ? "i1" : "i2"));

        assertThat(pool.isPreparing(id, target, prepared)).isFalse();
        assertThat(state(id)).isEqualTo(WorkloadState.RUNNING);
        assertThat(view(id).claim()).isNull();
        apply(ready(id, target, prepared));
        assertThat(state(id)).isEqualTo(WorkloadState.RUNNING);
        crash(id, 137);
        assertThat(view(id).epoch()).isGreaterThan(prepared);
    }

    @Test
    void nothingIsPreparedForWhatIsToBeHeldOrWhenThePoolStops() {
        for (Command instead :
                List.of(new Command.Suspend("job-1"), new Command.Cancel("job-1"), new Command.Close(true))) {
            Pool other = new Pool(Policy.USUAL);
            other.apply(1, new Command.Join("n1", "i1", TWO_CORES));
            other.apply(2, new Command.Join("n2", "i2", TWO_CORES));
            other.apply(3, new Command.Submit("key", PoolLawsTest.spec(Tier.BASIC, ONE_CORE)));
            String home = Objects.requireNonNull(
                    Objects.requireNonNull(other.workload("job-1")).node());
            Report runs = said("job-1", 1, Phase.RUNNING, reference(1, 1), 0);
            other.apply(4, new Command.Observe(home, home.equals("n1") ? "i1" : "i2", List.of(runs)));
            other.apply(5, new Command.Migrate("job-1", null));
            Report copied = said("job-1", 1, Phase.RUNNING, reference(2, 1), 0);
            other.apply(5, new Command.Observe(home, home.equals("n1") ? "i1" : "i2", List.of(copied)));
            String target = home.equals("n1") ? "n2" : "n1";
            assertThat(other.orders(target)).hasSize(1);

            other.apply(6, instead);

            assertThat(other.orders(target)).as(instead.toString()).isEmpty();
        }
    }

    private static Command.Observe ready(String id, String node, long epoch) {
        return new Command.Observe(
                node, node.equals("n1") ? "i1" : "i2", List.of(said(id, epoch, Phase.PREPARED, null, 0)));
    }

    @Test
    void refusesToMigrateWhereThereIsNoRoom() {
        String first = running(Tier.STANDARD, TWO_CORES);
        running(Tier.STANDARD, TWO_CORES);

        Answer answer = apply(new Command.Migrate(first, null));

        assertThat(answer.accepted()).isFalse();
        assertThat(answer.text()).contains("no other node has room");
        assertThat(state(first)).isEqualTo(WorkloadState.RUNNING);
    }

    @Test
    void whatWasSuspendedOnRequestStaysSoWhenItsNodeIsLost() {
        String id = running(Tier.STANDARD, ONE_CORE);
        apply(new Command.Suspend(id));
        String node = node(id);

        apply(new Command.Lose(node, node.equals("n1") ? "i1" : "i2"));

        assertThat(state(id)).isEqualTo(WorkloadState.HELD);
    }

    @Test
    void aProgramThatOnceCouldNotBeSuspendedStillEndsByItself() {
        String id = running(Tier.STANDARD, ONE_CORE);
        apply(new Command.Suspend(id));
        refuse(id);
        assertThat(view(id).problem()).isEqualTo("pinned");

        observe(id, new Report(id, 1, Phase.EXITED, null, 0, 7, 1, "pinned", null));

        assertThat(state(id)).isEqualTo(WorkloadState.DONE);
    }

    @Test
    void givesUpAProgramThatCrashesAgainAndAgain() {
        String id = started();

        for (int crash = 0; crash <= Policy.USUAL.mostFailures(); crash++) {
            observe(id, said(id, view(id).epoch(), Phase.EXITED, null, 139));
            now += 60_000;
            apply(new Command.Tick());
        }

        assertThat(state(id)).isEqualTo(WorkloadState.FAILED);
        assertThat(view(id).problem()).isEqualTo("ended by signal 11");
    }

    @Test
    void whoCrashesAgainAndAgainGoesBackToAnEarlierImageAndIsThenHeld() {
        String id = started();
        image(id, 1, 10);
        image(id, 2, 20);
        crash(id, 139);
        assertThat(order(id).image()).isEqualTo(reference(2, 20));
        start(id);
        // Taken between two crashes, so it may hold what it crashes of.
        image(id, 3, 5);
        for (int crash = 2; crash <= Policy.USUAL.mostFailures(); crash++) {
            crash(id, 139);
            assertThat(order(id).image()).isEqualTo(reference(3, 5));
            assertThat(order(id).kept()).containsExactly("image 1", "image 3");
        }

        crash(id, 139);
        assertThat(order(id).image()).isEqualTo(reference(1, 10));
        assertThat(view(id).output()).containsExactly(new OutputPart(1, 10));
        assertThat(reasons(id)).contains("ended by signal 11 4 times in a row; goes back to image image 1");
        for (int crash = 1; crash <= Policy.USUAL.mostFailures() + 1; crash++) {
            crash(id, 139);
        }

        assertThat(state(id)).isEqualTo(WorkloadState.HELD);
        assertThat(reasons(id))
                .contains("ended by signal 11 4 times in a row, and before that from a newer image; held until"
                        + " 'ingot pool resume " + id + "' or 'ingot cancel " + id + "'");
        assertThat(pool.why(now, id))
                .anyMatch(why -> why.startsWith("It crashed again and again (ended by signal 11)."));
        apply(new Command.Resume(id));
        assertThat(order(id).image()).isEqualTo(reference(1, 10));
    }

    @Test
    void whoRanWellInBetweenMayCrashAsOftenAsBefore() {
        String id = started();
        image(id, 1, 10);
        for (int crash = 1; crash <= 20; crash++) {
            crash(id, 139);
            start(id);
            now += Policy.USUAL.steadyMillis();
            image(id, 1 + crash, 10);
        }

        assertThat(state(id)).isEqualTo(WorkloadState.RUNNING);
        assertThat(reasons(id)).noneMatch(reason -> reason.contains("goes back"));
    }

    @Test
    void whoIsKilledFromOutsideGoesOnAsLongAsItTakesImages() {
        String id = started();
        for (int crash = 1; crash <= 20; crash++) {
            image(id, crash, 10);
            crash(id, 137);
            start(id);
        }

        assertThat(state(id)).isEqualTo(WorkloadState.RUNNING);
        assertThat(reasons(id)).noneMatch(reason -> reason.contains("goes back"));
    }

    @Test
    void whatCouldNotBeStartedIsTriedElsewhere() {
        String id = running(Tier.STANDARD, ONE_CORE);
        image(id, 1, 10);
        String first = node(id);

        crash(id, Report.NOT_RESUMED);

        assertThat(node(id)).isNotEqualTo(first);
        assertThat(reasons(id)).contains("could not go on from its image: no such file");
        assertThat(state(id)).isEqualTo(WorkloadState.STARTING);
    }

    @Test
    void whatNoNodeCanStartFails() {
        String id = submit(Tier.STANDARD, ONE_CORE);

        for (int crash = 0; crash <= Policy.USUAL.mostFailures(); crash++) {
            crash(id, Report.NOT_STARTED);
        }

        assertThat(state(id)).isEqualTo(WorkloadState.FAILED);
        assertThat(view(id).problem()).isEqualTo("could not be started: no such file");
    }

    @Test
    void aNodeOnWhichSeveralProgramsFailTakesNoWorkloadsForAWhile() {
        for (String program : List.of("a", "b", "c")) {
            apply(new Command.Cordon("n2", true));
            String id = submit(program);
            assertThat(node(id)).isEqualTo("n1");
            apply(new Command.Cordon("n2", false));
            observe(id, said(id, 1, Phase.EXITED, null, 139));
            assertThat(node(id)).isEqualTo("n2");
            apply(new Command.Cancel(id));
            observe(id, said(id, 2, Phase.EXITED, null, 137));
        }

        List<String> suspects = pool.nodes().stream()
                .filter(node -> node.quarantinedUntil() > 0)
                .map(NodeView::name)
                .toList();
        assertThat(suspects).containsExactly("n1");
        assertThat(events())
                .anyMatch(event -> event.contains("takes no new workloads for 10 minutes: 3 programs failed"
                        + " on it within ten minutes: a, b, c"));
        String next = submit(Tier.BASIC, ONE_CORE);
        assertThat(node(next)).isNotEqualTo(suspects.get(0));
        now = pool.nextTick(now);
        assertThat(Objects.requireNonNull(pool.node("n1")).quarantinedUntil()).isEqualTo(now);
        apply(new Command.Tick());
        assertThat(pool.nodes()).allMatch(node -> node.quarantinedUntil() == 0);
    }

    @Test
    void aNodeThatIsLostAgainAndAgainTakesNoWorkloadsUntilAUserSaysSo() {
        for (int loss = 1; loss <= 3; loss++) {
            apply(new Command.Lose("n1", "i" + loss));
            apply(new Command.Join("n1", "i" + (loss + 1), TWO_CORES));
        }
        assertThat(Objects.requireNonNull(pool.node("n1")).quarantinedUntil()).isPositive();
        assertThat(node(submit(Tier.BASIC, TWO_CORES))).isEqualTo("n2");
        String waiting = submit(Tier.BASIC, TWO_CORES);
        assertThat(pool.why(now, waiting)).anyMatch(why -> why.startsWith("Node n1 takes no workloads for now"));

        apply(new Command.Cordon("n1", false));

        assertThat(node(waiting)).isEqualTo("n1");
    }

    @Test
    void theLastNodesAreNotKeptAwayFromWorkloads() {
        for (String node : List.of("n1", "n2")) {
            for (int loss = 1; loss <= 3; loss++) {
                String incarnation = Objects.requireNonNull(pool.node(node)).incarnation();
                apply(new Command.Lose(node, incarnation));
                apply(new Command.Join(node, incarnation + "+", TWO_CORES));
            }
        }

        assertThat(pool.nodes().stream().filter(node -> node.quarantinedUntil() > 0))
                .hasSize(1);
    }

    /** Runs, and has no image yet. */
    private String started() {
        String id = submit(Tier.STANDARD, ONE_CORE);
        start(id);
        return id;
    }

    private void start(String id) {
        observe(id, said(id, view(id).epoch(), Phase.RUNNING, null, 0));
    }

    private String submit(String program) {
        WorkloadSpec like = PoolLawsTest.spec(Tier.BASIC, ONE_CORE);
        WorkloadSpec spec = new WorkloadSpec(
                program, like.tenant(), like.tier(), 0, like.needs(), like.command(), "/", like.environment(), 0);
        return apply(new Command.Submit(program, spec)).text();
    }

    private List<String> events() {
        return pool.eventsAfter(0, 1000).stream().map(PoolEvent::reason).toList();
    }

    private List<String> reasons(String id) {
        return view(id).history().stream().map(Event::reason).toList();
    }

    private static ImageReference reference(long sequence, long output) {
        return new ImageReference("image " + sequence, sequence, 1, output);
    }

    private void image(String id, long sequence, long output) {
        observe(id, said(id, view(id).epoch(), Phase.RUNNING, reference(sequence, output), 0));
    }

    /** It ends in that way, and is started again if it is to be. */
    private void crash(String id, int exitCode) {
        observe(id, new Report(id, view(id).epoch(), Phase.EXITED, null, exitCode, 0, 0, "no such file", null));
        now += 40_000;
        apply(new Command.Tick());
    }

    @Test
    void keepsANodeForALargeOneThatSmallOnesPassedForLong() {
        String first = running(Tier.STANDARD, ONE_CORE);
        String second = running(Tier.STANDARD, ONE_CORE);
        running(Tier.STANDARD, TWO_CORES);
        String large = submit(Tier.STANDARD, TWO_CORES);
        now += Policy.USUAL.patienceMillis();
        apply(new Command.Tick());

        report(first, Phase.EXITED);
        String small = submit(Tier.STANDARD, ONE_CORE);

        assertThat(state(small)).isEqualTo(WorkloadState.QUEUED);
        report(second, Phase.EXITED);
        assertThat(state(large)).isEqualTo(WorkloadState.STARTING);
    }

    @Test
    void premiumBeyondItsReservationGivesWayToPremiumWithinAnother() {
        apply(new Command.Reserve("a", TWO_CORES));
        apply(new Command.Reserve("b", TWO_CORES));
        String within = submit("a", Tier.PREMIUM, TWO_CORES);
        report(within, Phase.RUNNING);
        String beyond = submit("a", Tier.PREMIUM, TWO_CORES);
        report(beyond, Phase.RUNNING);
        assertThat(view(beyond).standing()).isEqualTo(Tier.STANDARD);

        submit("b", Tier.PREMIUM, TWO_CORES);

        assertThat(state(within)).isEqualTo(WorkloadState.RUNNING);
        assertThat(state(beyond)).isEqualTo(WorkloadState.SUSPENDING);
    }

    @Test
    void aReservationThatIsGivenBackLetsPremiumBeyondOthersStandAsBefore() {
        apply(new Command.Reserve("a", TWO_CORES));
        String id = submit("b", Tier.PREMIUM, ONE_CORE);
        assertThat(view(id).standing()).isEqualTo(Tier.STANDARD);

        apply(new Command.Reserve("a", Resources.NONE));

        assertThat(view(id).standing()).isEqualTo(Tier.PREMIUM);
    }

    @Test
    void refusesToReserveMoreThanThereIs() {
        apply(new Command.Reserve("a", TWO_CORES));

        Answer answer = apply(new Command.Reserve("b", new Resources(2001, 1, 0)));

        assertThat(answer.accepted()).isFalse();
        assertThat(answer.text()).contains("others have left 2 cores, 4000 MiB");
        assertThat(pool.tenants()).hasSize(1);
    }

    @Test
    void drainsANodeWithoutLosingAnything() {
        String id = running(Tier.BASIC, ONE_CORE);
        String node = node(id);

        apply(new Command.Drain(node));
        report(id, Phase.SUSPENDED);

        assertThat(node(id)).isNotEqualTo(node);
        assertThat(order(id).image()).isNotNull();
    }

    @Test
    void aNodeThatIsAboutToEndIsEmptiedAndTakesNothingUntilItJoinsAgain() {
        String id = running(Tier.BASIC, ONE_CORE);
        String node = node(id);
        String incarnation = Objects.requireNonNull(pool.node(node)).incarnation();

        assertThat(apply(new Command.Leave(node, "another")).accepted()).isFalse();
        assertThat(state(id)).isEqualTo(WorkloadState.RUNNING);
        apply(new Command.Leave(node, incarnation));
        report(id, Phase.SUSPENDED);

        assertThat(node(id)).isNotEqualTo(node);
        assertThat(pool.isLeaving(node)).isTrue();
        apply(new Command.Lose(node, incarnation));
        apply(new Command.Join(node, "next", TWO_CORES));
        assertThat(pool.isLeaving(node)).isFalse();
        assertThat(Objects.requireNonNull(pool.node(node)).cordoned()).isFalse();
    }

    @Test
    void forgetsThoseThatEndedFirst() {
        int most = Policy.USUAL.mostEnded();
        String first = running(Tier.BASIC, ONE_CORE);
        String held = running(Tier.BASIC, ONE_CORE);
        apply(new Command.Suspend(held));
        report(held, Phase.SUSPENDED);
        report(first, Phase.EXITED);
        for (int i = 0; i < most; i++) {
            assertThat(pool.takeForgotten()).isEmpty();
            apply(new Command.Cancel(submit(Tier.BASIC, new Resources(9000, 1, 0))));
        }

        assertThat(pool.takeForgotten()).containsExactly(first);
        assertThat(pool.takeForgotten()).isEmpty();
        assertThat(pool.workload(first)).isNull();
        assertThat(pool.workloads()).hasSize(most + 1);
        assertThat(state(held)).isEqualTo(WorkloadState.HELD);
    }

    @Test
    void pagesGoOnBehindWhatWasForgotten() {
        String first = submit(Tier.BASIC, new Resources(9000, 1, 0));
        submit(Tier.BASIC, new Resources(9000, 1, 0));
        String third = submit(Tier.BASIC, new Resources(9000, 1, 0));

        WorkloadPage page = pool.workloads(0, 2, null, false);
        assertThat(page.workloads())
                .hasSize(2)
                .first()
                .extracting(WorkloadView::id)
                .isEqualTo(first);

        WorkloadPage next = pool.workloads(page.next(), 2, null, false);
        assertThat(next.workloads()).extracting(WorkloadView::id).containsExactly(third);
        assertThat(next.next()).isZero();
    }

    @Test
    void closingSuspendsAllAndOpeningLetsAllGoOn() {
        String id = running(Tier.BASIC, ONE_CORE);

        apply(new Command.Close(true));
        report(id, Phase.SUSPENDED);

        assertThat(state(id)).isEqualTo(WorkloadState.QUEUED);
        apply(new Command.Close(false));
        assertThat(state(id)).isEqualTo(WorkloadState.STARTING);
    }

    private Answer apply(Command command) {
        now++;
        return pool.apply(now, command);
    }

    private String submit(Tier tier, Resources needs) {
        return submit("default", tier, needs);
    }

    private String submit(String tenant, Tier tier, Resources needs) {
        now++;
        return apply(new Command.Submit("key " + now, PoolLawsTest.spec(tenant, tier, needs)))
                .text();
    }

    private String running(Tier tier, Resources needs) {
        String id = submit(tier, needs);
        report(id, Phase.RUNNING);
        assertThat(state(id)).isEqualTo(WorkloadState.RUNNING);
        return id;
    }

    private WorkloadView view(String id) {
        return Objects.requireNonNull(pool.workload(id));
    }

    private WorkloadState state(String id) {
        return view(id).state();
    }

    private String node(String id) {
        return Objects.requireNonNull(view(id).node(), id + " has no node");
    }

    private Order order(String id) {
        return pool.orders(node(id)).stream()
                .filter(order -> order.workload().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private void report(String id, Phase phase) {
        report(id, phase, 1);
    }

    private void report(String id, Phase phase, long output) {
        images++;
        ImageReference image = new ImageReference("image " + images, images, 1, output);
        observe(id, said(id, view(id).epoch(), phase, image, 0));
    }

    private void refuse(String id) {
        observe(
                id,
                new Report(
                        id,
                        view(id).epoch(),
                        Phase.RUNNING,
                        null,
                        0,
                        0,
                        order(id).attempt(),
                        "pinned",
                        null));
    }

    private void observe(String id, Report report) {
        String node = node(id);
        apply(new Command.Observe(node, node.equals("n1") ? "i1" : "i2", List.of(report)));
    }

    private static Report said(String id, long epoch, Phase phase, @Nullable ImageReference image, int exitCode) {
        return new Report(id, epoch, phase, image, exitCode, 1, 0, null, null);
    }
}
