package dev.ingot.scheduler.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the pool decides, case by case. Each node has two cores. */
class PoolTest extends PoolScenario {
    @Test
    void anAddressIsOfOneServiceAtATime() {
        WorkloadSpec like = PoolLawsTest.spec(Tier.BASIC, ONE_CORE);
        WorkloadSpec every = like.serving(List.of(new ServicePort("http", 1, "0.0.0.0", 18080, 0)));
        WorkloadSpec one = like.serving(List.of(new ServicePort("http", 2, "127.0.0.1", 18080, 0)));
        String first = apply(new Command.Submit("1", every)).text();

        assertThat(apply(new Command.Submit("2", one)).text())
                .isEqualTo("service http cannot be reached at 127.0.0.1:18080: another service of this pool is; choose"
                        + " another address");
        assertThat(apply(new Command.Submit("1", every)).text()).isEqualTo(first);
        start(first);
        image(first, 1, 0);
        observe(first, said(first, view(first).epoch(), Phase.EXITED, null, 1));
        assertThat(view(first).state()).isEqualTo(WorkloadState.FAILED);
        assertThat(apply(new Command.Submit("3", one)).accepted()).isTrue();
        // It would take the address back.
        assertThat(apply(new Command.Resume(first)).accepted()).isFalse();
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
        now += 1000;
        apply(new Command.Tick());

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
    void aProgramThatOnceCouldNotBeSuspendedStillEndsByItself() {
        String id = running(Tier.STANDARD, ONE_CORE);
        apply(new Command.Suspend(id));
        refuse(id);
        assertThat(view(id).problem()).isEqualTo("pinned");

        observe(id, new Report(id, 1, Phase.EXITED, null, 0, 7, 1, "pinned", null));

        assertThat(state(id)).isEqualTo(WorkloadState.DONE);
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
}
