package dev.ingot.scheduler.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How workloads that run come to another node. Each node has two cores. */
class MoveTest extends PoolScenario {
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
        image(id, 4, 40);
        // What the other node reads is not deleted, however many images come meanwhile; the newest is the last of them.
        assertThat(order(id).kept())
                .contains("image 2")
                .endsWith("image 4")
                .isEqualTo(pool.orders(target).get(0).kept());
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
    void whatADrainedNodeHoldsStandsStillOnlyOnceAnotherNodeIsReady() {
        String id = started();
        String home = node(id);
        String target = home.equals("n1") ? "n2" : "n1";

        apply(new Command.Drain(home));

        assertThat(state(id)).isEqualTo(WorkloadState.RUNNING);
        assertThat(order(id).goal()).isEqualTo(Goal.COPY);
        image(id, 1, 10);
        apply(ready(id, target, pool.orders(target).get(0).epoch()));
        assertThat(reasons(id)).contains("moves to " + target + " because node " + home + " is being drained");
        report(id, Phase.SUSPENDED);
        assertThat(node(id)).isEqualTo(target);
        assertThat(order(id).image()).isNotNull();
    }

    @Test
    void whoFindsNoRoomElsewhereIsSuspendedAtOnceWhenItsNodeIsDrained() {
        String id = running(Tier.BASIC, TWO_CORES);
        running(Tier.BASIC, TWO_CORES);

        apply(new Command.Drain(node(id)));

        assertThat(state(id)).isEqualTo(WorkloadState.SUSPENDING);
    }

    @Test
    void aNodeThatIsDrainedHasFewWorkloadsMoveAtATime() {
        Resources small = new Resources(100, 100, 0);
        List<String> ids =
                Stream.generate(() -> running(Tier.BASIC, small)).limit(5).toList();
        String home = node(ids.get(0));

        apply(new Command.Drain(home));

        assertThat(pool.orders(home))
                .hasSize(5)
                .filteredOn(order -> order.goal() == Goal.COPY)
                .hasSize(2);
        report(ids.get(0), Phase.EXITED);
        assertThat(pool.orders(home))
                .hasSize(4)
                .filteredOn(order -> order.goal() == Goal.COPY)
                .hasSize(2);
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

    private static Command.Observe ready(String id, String node, long epoch) {
        return new Command.Observe(
                node, node.equals("n1") ? "i1" : "i2", List.of(said(id, epoch, Phase.PREPARED, null, 0)));
    }
}
