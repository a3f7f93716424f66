package dev.ingot.scheduler.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who has had less goes first, where the policy says so: against a naive account of who ran for how long. */
class LevelsTest {
    private static final Resources ONE_CORE = new Resources(1000, 1, 0);
    private static final Policy LEAST_SERVED_FIRST = Policy.USUAL.withLeastServedFirst(true);
    private static final long MINUTE = 60_000;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 40);
    }

    @Test
    void whoHasRunForLongMakesRoomForWhoHasNotAndGoesOnAfterwards() {
        Pool pool = new Pool(LEAST_SERVED_FIRST);
        FakeNodes nodes = oneCoreWithJobThatRan20Minutes(pool);

        nodes.apply(new Command.Submit("new", PoolLawsTest.spec(Tier.STANDARD, ONE_CORE)));
        nodes.settle();

        assertThat(state(pool, "job-1")).isEqualTo(WorkloadState.QUEUED);
        assertThat(state(pool, "job-2")).isEqualTo(WorkloadState.RUNNING);
        nodes.apply(new Command.Cancel("job-2"));
        nodes.settle();
        assertThat(state(pool, "job-1")).isEqualTo(WorkloadState.RUNNING);
    }

    @Test
    void whoComesLaterWaitsWhereThePolicyDoesNotSayOtherwise() {
        Pool pool = new Pool(Policy.USUAL);
        FakeNodes nodes = oneCoreWithJobThatRan20Minutes(pool);

        nodes.apply(new Command.Submit("new", PoolLawsTest.spec(Tier.STANDARD, ONE_CORE)));
        nodes.settle();

        assertThat(state(pool, "job-1")).isEqualTo(WorkloadState.RUNNING);
        assertThat(state(pool, "job-2")).isEqualTo(WorkloadState.QUEUED);
    }

    @Test
    void whoHasWaitedMuchLongerThanItRanBeginsAnew() {
        Pool pool = new Pool(LEAST_SERVED_FIRST);
        FakeNodes nodes = oneCoreWithJobThatRan20Minutes(pool);
        nodes.apply(new Command.Submit("second", PoolLawsTest.spec(Tier.STANDARD, ONE_CORE)));
        nodes.settle();
        // Both are of the same level now, so that nobody has to go.
        nodes.passTime(60 * MINUTE);
        nodes.settle();
        assertThat(state(pool, "job-1")).isEqualTo(WorkloadState.QUEUED);

        nodes.passTime(64 * 20 * MINUTE);
        nodes.settle();

        assertThat(state(pool, "job-1")).isEqualTo(WorkloadState.RUNNING);
        assertThat(state(pool, "job-2")).isEqualTo(WorkloadState.QUEUED);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void nobodyMakesRoomForWhoHasHadMore(long seed) {
        Random random = new Random(seed);
        Pool pool = new Pool(LEAST_SERVED_FIRST);
        FakeNodes nodes = new FakeNodes(pool, seed, false);
        nodes.add("n1", new Resources(2000, 100_000, 0));
        nodes.add("n2", new Resources(1000, 100_000, 0));
        int preemptions = 0;
        for (int round = 0; round < 60; round++) {
            if (random.nextInt(3) == 0) {
                nodes.apply(new Command.Submit("k" + round, PoolLawsTest.spec(Tier.STANDARD, ONE_CORE)));
            }
            Map<String, WorkloadState> before = new HashMap<>();
            pool.workloads().forEach(view -> before.put(view.id(), view.state()));
            nodes.passTime(random.nextInt(60) * MINUTE);
            for (WorkloadView victim : pool.workloads()) {
                Event last = victim.history().get(victim.history().size() - 1);
                if (victim.state() == WorkloadState.SUSPENDING && before.get(victim.id()) == WorkloadState.RUNNING) {
                    preemptions++;
                    assertThat(last.reason()).contains("which has had less");
                    String reason = last.reason();
                    String preemptor = reason.substring("makes room for ".length(), reason.indexOf(','));
                    assertThat(ran(victim, nodes.now()))
                            .as("%s, which makes room for %s", victim, preemptor)
                            .isGreaterThan(ran(pool.workload(preemptor), nodes.now()));
                }
            }
            nodes.settle();
        }
        assertThat(preemptions).isPositive();
        assertThat(pool.workloads().stream().filter(view -> view.state() == WorkloadState.RUNNING))
                .hasSize(Math.min(3, pool.workloads().size()));
    }

    /** All the time that it ran, by what its history says, unless it began anew. */
    private static long ran(@Nullable WorkloadView view, long now) {
        long ran = 0;
        long since = -1;
        for (Event event : view == null ? List.<Event>of() : view.history()) {
            if (since >= 0) {
                ran += event.atMillis() - since;
            }
            since = event.state() == WorkloadState.RUNNING ? event.atMillis() : -1;
        }
        return since >= 0 ? ran + now - since : ran;
    }

    private static FakeNodes oneCoreWithJobThatRan20Minutes(Pool pool) {
        FakeNodes nodes = new FakeNodes(pool, 1, false);
        nodes.add("n1", ONE_CORE);
        nodes.apply(new Command.Submit("first", PoolLawsTest.spec(Tier.STANDARD, ONE_CORE)));
        nodes.settle();
        nodes.passTime(20 * MINUTE);
        return nodes;
    }

    private static WorkloadState state(Pool pool, String id) {
        return Objects.requireNonNull(pool.workload(id)).state();
    }
}
