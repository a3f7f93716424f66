package dev.ingot.scheduler.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.core.json.JsonException;
import org.junit.jupiter.api.Test;

/** What asks for it is left alone for so long after each start. */
class MinimumRunTest extends PoolScenario {
    private static final long MINUTES = 300_000;

    private String asking(String tenant, Resources needs) {
        return asking(tenant, needs, MINUTES);
    }

    private String asking(String tenant, Resources needs, long millis) {
        now++;
        WorkloadSpec spec = PoolLawsTest.spec(tenant, Tier.BASIC, needs).toBuilder()
                .minimumRunMillis(millis)
                .build();
        String id = apply(new Command.Submit("key " + now, spec)).text();
        report(id, Phase.RUNNING);
        return id;
    }

    private void tickAt(long time) {
        now = time - 1;
        apply(new Command.Tick());
    }

    /** With a workload on each node that asks, and nothing else. */
    private String fill() {
        String first = asking("default", TWO_CORES);
        asking("default", TWO_CORES);
        return first;
    }

    @Test
    void standardWaitsUntilBasicHasRunSoLong() {
        String first = fill();
        long until = now + MINUTES;
        apply(new Command.Cordon("n1".equals(node(first)) ? "n2" : "n1", true));
        String waiting = submit(Tier.STANDARD, TWO_CORES);

        tickAt(until - 10);
        assertThat(state(first)).isEqualTo(WorkloadState.RUNNING);
        tickAt(until + 1000);
        assertThat(state(first)).isEqualTo(WorkloadState.SUSPENDING);
        assertThat(reasons(first)).last().asString().startsWith("makes room for " + waiting);
    }

    @Test
    void itHoldsAfterEachStartAndAcrossASnapshot() throws JsonException {
        String first = asking("default", TWO_CORES);
        apply(new Command.Cordon("n1".equals(node(first)) ? "n2" : "n1", true));
        tickAt(now + 2 * MINUTES);
        apply(new Command.Suspend(first));
        report(first, Phase.SUSPENDED);
        apply(new Command.Resume(first));
        report(first, Phase.RUNNING);
        long again = now;
        submit(Tier.STANDARD, TWO_CORES);
        tickAt(again + MINUTES - 10);
        assertThat(state(first)).isEqualTo(WorkloadState.RUNNING);

        Pool restored = Pool.restore(Policy.USUAL, PoolSnapshotTest.byWayOfText(pool.snapshot()));
        assertThat(restored.why(now, first)).contains(until(again + MINUTES));
        tickAt(again + MINUTES + 1000);
        assertThat(state(first)).isEqualTo(WorkloadState.SUSPENDING);
    }

    @Test
    void itDoesNotBeginAnewWithoutAStart() {
        String first = asking("default", TWO_CORES);
        long end = now + MINUTES;
        apply(new Command.Cordon("n1".equals(node(first)) ? "n2" : "n1", true));
        tickAt(now + MINUTES / 4);
        apply(new Command.Suspend(first));
        refuse(first);
        assertThat(state(first)).isEqualTo(WorkloadState.RUNNING);
        assertThat(pool.why(now, first)).contains(until(end));

        String node = node(first);
        String incarnation = node.equals("n1") ? "i1" : "i2";
        apply(new Command.Lose(node, incarnation));
        apply(new Command.Return(node, incarnation));

        assertThat(node(first)).isEqualTo(node);
        assertThat(state(first)).isEqualTo(WorkloadState.RUNNING);
        assertThat(pool.why(now, first)).contains(until(end));
    }

    @Test
    void aStartThatWasToBeSuspendedBeforeItRanIsAStart() {
        String first = asking("default", TWO_CORES);
        tickAt(now + 2 * MINUTES);
        apply(new Command.Suspend(first));
        report(first, Phase.SUSPENDED);
        apply(new Command.Resume(first));
        long again = now;
        apply(new Command.Suspend(first));
        refuse(first);

        assertThat(state(first)).isEqualTo(WorkloadState.RUNNING);
        assertThat(pool.why(now, first)).contains(until(again + MINUTES));
    }

    @Test
    void premiumWithinItsReservationDoesNotWait() {
        apply(new Command.Reserve("default", TWO_CORES));
        String first = fill();
        apply(new Command.Cordon("n1".equals(node(first)) ? "n2" : "n1", true));

        submit(Tier.PREMIUM, TWO_CORES);

        assertThat(state(first)).isEqualTo(WorkloadState.SUSPENDING);
    }

    @Test
    void anotherTenantsTurnWaitsForItToo() {
        long hours = 36 * MINUTES;
        String first = asking("one", TWO_CORES, hours);
        long until = now + hours;
        apply(new Command.Cordon("n1".equals(node(first)) ? "n2" : "n1", true));
        submit("other", Tier.BASIC, TWO_CORES);

        // Its usage is far ahead long before.
        tickAt(until - 10);
        assertThat(state(first)).isEqualTo(WorkloadState.RUNNING);
        tickAt(until + 10 * MINUTES);
        assertThat(reasons(first)).last().asString().startsWith("tenant other takes its turn");
    }

    @Test
    void itIsSaidUntilWhen() {
        String first = asking("default", TWO_CORES);
        long until = now + MINUTES;
        apply(new Command.Cordon("n1".equals(node(first)) ? "n2" : "n1", true));
        String waiting = submit(Tier.STANDARD, TWO_CORES);

        assertThat(pool.why(now, first)).contains(until(until));
        assertThat(pool.why(now, waiting))
                .anyMatch(sentence -> sentence.contains("with a minimum run of another " + (until - now) + " ms"));
        assertThat(pool.why(until, first)).hasSize(1);
    }

    private String until(long time) {
        return "It asked for a minimum run: nothing but Premium preempts it for another " + (time - now) + " ms.";
    }
}
