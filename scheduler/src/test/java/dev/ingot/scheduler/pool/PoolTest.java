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
        report(id, Phase.SUSPENDED);
        assertThat(node(id)).isNotEqualTo(node);
        assertThat(node(other)).isEqualTo(node);
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

        observe(id, new Report(id, 1, Phase.EXITED, null, 0, 7, 1, "pinned"));

        assertThat(state(id)).isEqualTo(WorkloadState.DONE);
    }

    @Test
    void givesUpAProgramThatCrashesAgainAndAgain() {
        String id = running(Tier.STANDARD, ONE_CORE);

        for (int crash = 0; crash <= Policy.USUAL.mostFailures(); crash++) {
            observe(id, said(id, view(id).epoch(), Phase.EXITED, null, 139));
            now += 60_000;
            apply(new Command.Tick());
        }

        assertThat(state(id)).isEqualTo(WorkloadState.FAILED);
        assertThat(view(id).problem()).isEqualTo("ended by signal 11");
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
                        "pinned"));
    }

    private void observe(String id, Report report) {
        String node = node(id);
        apply(new Command.Observe(node, node.equals("n1") ? "i1" : "i2", List.of(report)));
    }

    private static Report said(String id, long epoch, Phase phase, @Nullable ImageReference image, int exitCode) {
        return new Report(id, epoch, phase, image, exitCode, 1, 0, null);
    }
}
