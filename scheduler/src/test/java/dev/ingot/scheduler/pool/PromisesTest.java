package dev.ingot.scheduler.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Room that is being made for workloads that wait for nothing else, and which plans look at it. */
class PromisesTest {
    private static final Resources CORE = new Resources(1000, 100, 0);

    private final Registry registry = new Registry(Policy.USUAL);
    private final Promises promises = registry.queue().promises();
    private Workload waiting;

    @BeforeEach
    void promise() {
        registry.addNode("n1");
        registry.addNode("n2");
        waiting = registry.add(0, "a", PoolLawsTest.spec(Tier.STANDARD, CORE));
        registry.setClaim(waiting, new Claim("n1", true));
    }

    @Test
    void standsBesideTheLine() {
        assertThat(registry.queue().kinds()).isEmpty();
        assertThat(registry.queue().claimants(Tier.STANDARD)).isEmpty();
        assertThat(registry.queue().allKinds()).hasSize(1);
        assertThat(registry.queue().isEmpty()).isFalse();
        assertThat(registry.queue().size()).isEqualTo(1);
        assertThat(registry.queue().isKept("n1")).isTrue();
        assertThat(promises.at("n1", Tier.STANDARD)).containsExactly(waiting);
        assertThat(promises.promisedTo("default")).isEqualTo(CORE);
    }

    @Test
    void isLookedAtOnceAndThenWhenItsNodeChanges() {
        assertThat(promises.changedNodes()).containsExactly("n1");
        promises.lookedAt();

        promises.nodeChanged("n2");
        assertThat(promises.changedNodes()).isEmpty();

        promises.nodeChanged("n1");
        assertThat(promises.changedNodes()).containsExactly("n1");
    }

    @Test
    void isLookedAtWhenSomebodyElseHasGivenUpRoomThere() {
        Workload other = registry.add(0, "b", PoolLawsTest.spec(Tier.PREMIUM, CORE));
        registry.setClaim(other, new Claim("n1", false));
        promises.lookedAt();

        registry.setClaim(other, null);

        assertThat(promises.changedNodes()).containsExactly("n1");
    }

    @Test
    void endsWithTheClaim() {
        registry.setClaim(waiting, null);

        assertThat(promises.isEmpty()).isTrue();
        assertThat(promises.areAt("n1")).isFalse();
        assertThat(promises.changedNodes()).isEmpty();
        assertThat(promises.promisedTo("default")).isEqualTo(Resources.NONE);
        assertThat(registry.queue().isKept("n1")).isFalse();
        assertThat(registry.queue().kinds()).hasSize(1);
    }

    @Test
    void isNotMadeToGangsNorWhereNobodyHasToGo() {
        Workload gang = registry.add(0, "b", PoolLawsTest.gang(Tier.STANDARD, CORE, 2, 2));
        gang.together().forEach(member -> registry.setClaim(member, new Claim("n2", true)));
        registry.setClaim(waiting, new Claim("n1", false));

        assertThat(promises.isEmpty()).isTrue();
        assertThat(registry.queue().claimants(Tier.STANDARD)).containsExactly(waiting, gang);
        assertThat(registry.queue().isKept("n2")).isTrue();
    }

    /** One that is restored knows of no node whether it has changed. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void aPoolThatLooksAtAllPromisesInEachPlanDecidesTheSame(long seed) {
        Pool pool = new Pool(Policy.USUAL);
        List<FakeNodes.Timed> commands = crowd(pool, seed);
        Pool always = new Pool(Policy.USUAL);
        int promised = 0;
        for (FakeNodes.Timed timed : commands) {
            always = Pool.restore(Policy.USUAL, always.snapshot());
            always.apply(timed.at(), timed.command());
            promised += always.workloads().stream().anyMatch(each -> each.claim() != null) ? 1 : 0;
        }

        assertThat(promised).isGreaterThan(commands.size() / 10);
        assertThat(always.snapshot()).isEqualTo(pool.snapshot());
    }

    /** Many workloads of all tiers and some tenants come to a few nodes, so that many have to make room. */
    private static List<FakeNodes.Timed> crowd(Pool pool, long seed) {
        Random random = new Random(seed);
        FakeNodes nodes = new FakeNodes(pool, seed, false);
        for (int number = 1; number <= 8; number++) {
            nodes.add("n" + number, new Resources(4000, 4000, 2000));
        }
        for (int step = 0; step < 300; step++) {
            if (step % 2 == 0) {
                Tier tier = step < 100 ? Tier.BASIC : List.of(Tier.values()).get(random.nextInt(3));
                String tenant = "t" + random.nextInt(3);
                nodes.apply(
                        new Command.Submit("k" + step, PoolLawsTest.spec(tenant, tier, PoolLawsTest.needs(random))));
            }
            nodes.step();
        }
        return nodes.commands;
    }
}
