package dev.ingot.scheduler.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.core.json.JsonException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which of the ways in which a workload can have what it computes with it gets. */
class AlternativesTest extends PoolScenario {
    private static final Alternative GPU =
            new Alternative(AcceleratorKind.GPU, new Resources(100, 100, 1000, AcceleratorKind.GPU), 1000);
    private static final Alternative FPGA =
            new Alternative(AcceleratorKind.FPGA, new Resources(100, 100, 1000, AcceleratorKind.FPGA), 500);
    private static final Alternative CPU = new Alternative(AcceleratorKind.CPU, new Resources(1000, 100, 0), 100);

    /** The first node has a GPU, the second one an FPGA, each with two cores. */
    @BeforeEach
    void addDevices() {
        apply(join("n1", "i1", Map.of(AcceleratorKind.GPU, 1)));
        apply(join("n2", "i2", Map.of(AcceleratorKind.FPGA, 1)));
    }

    private static Command.Join join(String node, String incarnation, Map<AcceleratorKind, Integer> kinds) {
        NodeDevices devices = new NodeDevices(kinds);
        return new Command.Join(
                node, incarnation, new Resources(2000, 4000, devices.total() * 1000), devices, Location.NOWHERE, "");
    }

    private String submit(Tier tier, Alternative... ways) {
        return submit("default", tier, ways);
    }

    private String submit(String tenant, Tier tier, Alternative... ways) {
        now++;
        WorkloadSpec spec = PoolLawsTest.spec(tenant, tier, ways[0].needs()).toBuilder()
                .alternatives(List.of(ways))
                .build();
        String id = apply(new Command.Submit("key " + now, spec)).text();
        if (state(id) == WorkloadState.STARTING) {
            report(id, Phase.RUNNING);
        }
        return id;
    }

    private String has(String id) {
        Alternative alternative = view(id).alternative();
        return alternative == null ? "nothing" : alternative.kind().text();
    }

    private void pass(long millis) {
        now += millis;
        apply(new Command.Tick());
    }

    @Test
    void getsTheFastestThatIsFree() {
        assertThat(has(submit(Tier.BASIC, GPU, FPGA, CPU))).isEqualTo("gpu");
        assertThat(has(submit(Tier.BASIC, GPU, FPGA, CPU))).isEqualTo("fpga");
        assertThat(has(submit(Tier.BASIC, GPU, FPGA, CPU))).isEqualTo("cpu");
        assertThat(pool.usedDevices()).isEqualTo(Map.of(Tier.BASIC, 2000L));
        assertThat(pool.tenants().get(0).used()).isEqualTo(new Resources(1200, 300, 2000));
    }

    @Test
    void isToldWhichDeviceOfItsKindItHas() {
        apply(join("n1", "i1", Map.of(AcceleratorKind.GPU, 2, AcceleratorKind.FPGA, 1)));
        apply(new Command.Cordon("n2", true));

        String fpga = submit(Tier.BASIC, FPGA);

        assertThat(view(fpga).devices()).containsExactly(2);
        assertThat(order(fpga).alternative()).isEqualTo(FPGA);
        assertThat(order(fpga).spec().replacements(FPGA)).isEmpty();
    }

    @Test
    void waitsForAKindThatNobodyHas() {
        Alternative asic = new Alternative(
                AcceleratorKind.ASIC, new Resources(100, 100, 1000, AcceleratorKind.ASIC), Alternative.FULL_SPEED);

        String id = submit(Tier.PREMIUM, asic);

        assertThat(state(id)).isEqualTo(WorkloadState.QUEUED);
        assertThat(pool.why(now, id)).anyMatch(sentence -> sentence.contains("1 asic"));
    }

    @Test
    void movesUpOnceThatPaysAndTheFasterOneIsFree() {
        String first = submit(Tier.BASIC, GPU);
        String second = submit(Tier.BASIC, GPU, CPU);
        observe(first, said(first, 1, Phase.EXITED, null, 0));

        // A move takes a second here, of which nine tenths of the time that it has run would be saved.
        pass(4000);
        assertThat(state(second)).isEqualTo(WorkloadState.RUNNING);
        pass(1000);

        assertThat(state(second)).isEqualTo(WorkloadState.SUSPENDING);
        assertThat(reasons(second)).last().asString().isEqualTo("moves up from cpu:1@0.1 to gpu:1");
        report(second, Phase.SUSPENDED);
        assertThat(has(second)).isEqualTo("gpu");
        assertThat(order(second).spec().replacements(GPU)).containsExactly("cpu=gpu");
    }

    @Test
    void isTickedWhenAMoveUpPays() {
        String first = submit(Tier.BASIC, GPU);
        submit(Tier.BASIC, GPU, CPU);
        observe(first, said(first, 1, Phase.EXITED, null, 0));

        assertThat(pool.nextTick(now)).isLessThan(now + 6000);
    }

    /** What it runs well on is where it goes back to, and it does not lose what it has done there, however often the faster one fails. */
    @Test
    void goesBackToTheSlowerOneEachTimeThatTheFasterFails() {
        apply(new Command.Cordon("n2", true));
        String first = submit(Tier.BASIC, GPU);
        String id = submit(Tier.BASIC, GPU, CPU);
        observe(first, said(first, 1, Phase.EXITED, null, 0));
        long ran = 0;
        for (int failure = 1; failure <= 10; failure++) {
            long since = now;
            while (state(id) == WorkloadState.RUNNING && now < since + 100_000_000) {
                now = Math.max(now, pool.nextTick(now));
                apply(new Command.Tick());
            }
            assertThat(now - since).as("failure %d", failure).isGreaterThan(ran);
            ran = now - since;
            report(id, Phase.SUSPENDED);
            assertThat(has(id)).isEqualTo("gpu");

            observe(id, said(id, view(id).epoch(), Phase.EXITED, null, 134));

            assertThat(state(id)).as("failure %d: %s", failure, reasons(id)).isEqualTo(WorkloadState.STARTING);
            assertThat(has(id)).isEqualTo("cpu");
            report(id, Phase.RUNNING);
        }
        assertThat(reasons(id)).noneMatch(reason -> reason.contains("goes back to image"));
    }

    /** To the FPGA, which is hardly faster than the cores, it pays after 104 s. */
    @Test
    void movesUpToTheFastestAsSoonAsThatPaysThoughTheNextFasterWouldNot() {
        Alternative fpga = new Alternative(AcceleratorKind.FPGA, FPGA.needs(), 104);
        String first = submit(Tier.BASIC, GPU);
        String second = submit(Tier.BASIC, FPGA);
        String id = submit(Tier.BASIC, GPU, fpga, CPU);
        assertThat(has(id)).isEqualTo("cpu");
        observe(second, said(second, 1, Phase.EXITED, null, 0));

        pass(10_000);
        assertThat(reasons(id)).noneMatch(reason -> reason.contains("fpga"));
        observe(first, said(first, 1, Phase.EXITED, null, 0));

        assertThat(reasons(id)).last().asString().containsAnyOf("moves up from cpu:1@0.1 to gpu:1", "is to move to n1");
    }

    /** It may move up before that, but to nothing that is free. */
    @Test
    void movesUpToASlowerOneOnceThatPaysWithoutAnyCommand() {
        Alternative fpga = new Alternative(AcceleratorKind.FPGA, FPGA.needs(), 104);
        submit(Tier.BASIC, GPU);
        String second = submit(Tier.BASIC, FPGA);
        String id = submit(Tier.BASIC, GPU, fpga, CPU);
        observe(second, said(second, 1, Phase.EXITED, null, 0));
        long since = now;

        while (view(id).claim() == null && state(id) == WorkloadState.RUNNING && now < since + 600_000) {
            now = Math.min(pool.nextTick(now), since + 600_000);
            apply(new Command.Tick());
        }

        assertThat(now - since).isBetween(100_000L, 170_000L);
    }

    /** Time alone may be what lets it move: weaker ones have run long enough then. */
    @Test
    void aRestoredPoolIsTickedForThoseThatMayMoveUp() throws JsonException {
        submit(Tier.BASIC, GPU);
        submit(Tier.BASIC, GPU, CPU);
        pass(10_000);

        Pool restored = Pool.restore(Policy.USUAL, PoolSnapshotTest.byWayOfText(pool.snapshot()));

        assertThat(pool.nextTick(now)).isLessThan(Long.MAX_VALUE);
        assertThat(restored.nextTick(now)).isEqualTo(pool.nextTick(now));
    }

    /** The first one finds no cores beside the GPU, which the second one leaves there. */
    @Test
    void movesUpWhereAnotherOneThatIsAlikeCannot() {
        Alternative gpu = new Alternative(
                AcceleratorKind.GPU, new Resources(1000, 100, 1000, AcceleratorKind.GPU), Alternative.FULL_SPEED);
        Alternative cores = new Alternative(AcceleratorKind.CPU, new Resources(1900, 100, 0), 100);
        String first = submit(Tier.BASIC, GPU);
        apply(new Command.Cordon("n1", true));
        String elsewhere = submit(Tier.BASIC, gpu, cores);
        apply(new Command.Cordon("n1", false));
        String beside = submit(Tier.BASIC, gpu, cores);
        assertThat(List.of(node(elsewhere), node(beside))).containsExactly("n2", "n1");
        observe(first, said(first, 1, Phase.EXITED, null, 0));

        pass(60_000);

        assertThat(state(elsewhere)).isEqualTo(WorkloadState.RUNNING);
        assertThat(reasons(beside)).last().asString().isEqualTo("moves up from cpu:1.9@0.1 to gpu:1");
    }

    /** They are more than a plan looks at, and only the last one leaves enough cores beside the GPU. */
    @Test
    void everybodyComesToBeLookedAtWhereManyCouldMoveUp() {
        Alternative gpu = new Alternative(
                AcceleratorKind.GPU, new Resources(1500, 100, 1000, AcceleratorKind.GPU), Alternative.FULL_SPEED);
        apply(new Command.Join("n2", "i2", new Resources(300_000, 400_000, 0)));
        String first = submit(Tier.BASIC, GPU);
        apply(new Command.Cordon("n1", true));
        for (int i = 0; i < 300; i++) {
            submit(Tier.BASIC, gpu, CPU);
        }
        apply(new Command.Cordon("n1", false));
        apply(new Command.Cordon("n2", true));
        String last = submit(Tier.BASIC, gpu, CPU);
        assertThat(node(last)).isEqualTo("n1");
        observe(first, said(first, 1, Phase.EXITED, null, 0));

        for (int tick = 0; tick < 40 && state(last) == WorkloadState.RUNNING; tick++) {
            pass(10_000);
        }

        assertThat(reasons(last)).last().asString().isEqualTo("moves up from cpu:1@0.1 to gpu:1");
    }

    /** Another node gets ready first, as for any move. */
    @Test
    void movesUpToAnotherNode() {
        apply(new Command.Cordon("n1", true));
        String id = submit(Tier.BASIC, GPU, CPU);
        apply(new Command.Cordon("n1", false));

        pass(60_000);

        assertThat(view(id).claim()).isEqualTo("n1");
        assertThat(state(id)).isEqualTo(WorkloadState.RUNNING);
        assertThat(reasons(id)).last().asString().contains("n1, which gets ready for it");
    }

    /** The GPU that it got ready for went to somebody stronger in the very moment in which it was suspended. */
    @Test
    void aNodeThatGotReadyForOneAlternativeStartsAnotherOneAnew() {
        String strong = submit(Tier.PREMIUM, FPGA, GPU);
        apply(new Command.Cordon("n1", true));
        String id = submit(Tier.BASIC, GPU, CPU);
        apply(new Command.Cordon("n1", false));
        pass(60_000);
        report(id, Phase.RUNNING);
        Order prepared = pool.orders("n1").get(0);
        assertThat(prepared.goal()).isEqualTo(Goal.PREPARE);
        assertThat(prepared.alternative()).isEqualTo(GPU);
        apply(new Command.Observe("n1", "i1", List.of(said(id, prepared.epoch(), Phase.PREPARED, null, 0))));
        assertThat(state(id)).isEqualTo(WorkloadState.SUSPENDING);
        apply(new Command.Cordon("n2", true));

        apply(new Command.Observe(
                "n2",
                "i2",
                List.of(
                        said(id, view(id).epoch(), Phase.SUSPENDED, reference(100, 1), 0),
                        said(strong, view(strong).epoch(), Phase.EXITED, null, 137))));

        assertThat(has(strong)).isEqualTo("gpu");
        assertThat(has(id)).isEqualTo("cpu");
        assertThat(node(id)).isEqualTo("n1");
        assertThat(view(id).epoch()).isGreaterThan(prepared.epoch());
    }

    @Test
    void whoWaitsComesBeforeWhoCouldBeFaster() {
        String first = submit(Tier.BASIC, GPU);
        String slow = submit(Tier.BASIC, GPU, CPU);
        String waits = submit(Tier.BASIC, GPU);
        pass(60_000);

        observe(first, said(first, 1, Phase.EXITED, null, 0));

        assertThat(has(waits)).isEqualTo("gpu");
        assertThat(has(slow)).isEqualTo("cpu");
        pass(600_000);
        assertThat(state(slow)).isEqualTo(WorkloadState.RUNNING);
    }

    /** The weaker one had just begun when the stronger one came, which therefore began on the slower. */
    @Test
    void theStrongerMovesUpToWhatAWeakerOneHas() {
        String weak = submit(Tier.BASIC, GPU);
        String strong = submit(Tier.STANDARD, GPU, CPU);
        assertThat(has(strong)).isEqualTo("cpu");

        pass(5000);

        assertThat(state(weak)).isEqualTo(WorkloadState.SUSPENDING);
        assertThat(view(strong).claim()).isEqualTo("n1");
        report(weak, Phase.SUSPENDED);
        assertThat(state(weak)).isEqualTo(WorkloadState.QUEUED);
        assertThat(state(strong)).isEqualTo(WorkloadState.SUSPENDING);
        report(strong, Phase.SUSPENDED);
        assertThat(has(strong)).isEqualTo("gpu");
    }

    /** What is cleared for it stays its own while the node gets ready. */
    @Test
    void aTenantThatHasSomethingSlowerGetsItsTurn() {
        String had = submit("a", Tier.BASIC, GPU);
        apply(new Command.Cordon("n1", true));
        String slow = submit("b", Tier.BASIC, GPU, CPU);
        apply(new Command.Cordon("n1", false));
        assertThat(has(slow)).isEqualTo("cpu");
        for (int minute = 0; minute < 120 && state(had) == WorkloadState.RUNNING; minute++) {
            pass(60_000);
        }

        assertThat(reasons(had)).last().asString().isEqualTo("tenant b takes its turn with " + slow);
        report(had, Phase.SUSPENDED);
        pass(1000);
        assertThat(state(had)).isEqualTo(WorkloadState.QUEUED);
        assertThat(view(slow).claim()).isEqualTo("n1");
        pass(60_000);
        report(slow, Phase.SUSPENDED);
        assertThat(has(slow)).isEqualTo("gpu");
        assertThat(state(had)).isEqualTo(WorkloadState.QUEUED);
    }

    /** It leaves what it has, and would hold more then than the other one. */
    @Test
    void nobodyTakesTheOnlyGpuOfATenantThatHasHadNoMore() {
        String has = submit("a", Tier.BASIC, GPU);
        submit("b", Tier.BASIC, FPGA);
        submit("b", Tier.BASIC, GPU, CPU);

        for (int minute = 0; minute < 120; minute++) {
            pass(60_000);
        }

        assertThat(state(has)).isEqualTo(WorkloadState.RUNNING);
    }

    @Test
    void theStrongerHasTheFasterOneClearedAndTheWeakerGoesOnOnTheSlower() {
        String weak = submit(Tier.BASIC, GPU, CPU);
        pass(60_000);

        String strong = submit(Tier.PREMIUM, GPU, CPU);

        assertThat(state(weak)).isEqualTo(WorkloadState.SUSPENDING);
        report(weak, Phase.SUSPENDED);
        assertThat(has(strong)).isEqualTo("gpu");
        assertThat(has(weak)).isEqualTo("cpu");
        assertThat(order(weak).spec().replacements(CPU)).containsExactly("gpu=cpu");
    }

    @Test
    void aGangHasTheSameInAllOfItsMembers() {
        WorkloadSpec two = PoolLawsTest.gang(Tier.BASIC, GPU.needs(), 2, 2).toBuilder()
                .alternatives(List.of(GPU, CPU))
                .build();
        String gang = apply(new Command.Submit("gang", two)).text();

        assertThat(has(gang)).isEqualTo("cpu");
        assertThat(has(gang + ".1")).isEqualTo("cpu");
    }

    @Test
    void goesOnlyWhereItsImageCanGoOnWithThatKind() {
        apply(new Command.Join(
                "n1", "i1", new Resources(2000, 4000, 1000), devices(AcceleratorKind.GPU), Location.NOWHERE, "cards"));
        String id = submit(Tier.BASIC, GPU, CPU);
        String image = Objects.requireNonNull(view(id).image()).directory();
        apply(new Command.Foresee(
                id,
                image,
                Map.of(
                        Prospect.key("cards", AcceleratorKind.GPU), new Prospect(false, 0, "of another build"),
                        Prospect.key("cards", AcceleratorKind.CPU), new Prospect(true, 0, ""))));
        apply(new Command.Cordon("n2", true));
        apply(new Command.Suspend(id));
        observe(id, said(id, 1, Phase.SUSPENDED, view(id).image(), 0));

        apply(new Command.Resume(id));

        assertThat(has(id)).isEqualTo("cpu");
    }

    /** Were it covered by its first alternative, it would have others suspended for as much as the other one needs. */
    @Test
    void premiumIsWithinItsReservationOnlyIfEachOfItsAlternativesIs() {
        Alternative cores = new Alternative(AcceleratorKind.CPU, new Resources(2000, 100, 0), 900);
        apply(new Command.Reserve("default", new Resources(1000, 1000, 1000)));

        assertThat(view(submit(Tier.PREMIUM, GPU, cores)).standing()).isEqualTo(Tier.STANDARD);
        assertThat(view(submit(Tier.PREMIUM, GPU, CPU)).standing()).isEqualTo(Tier.PREMIUM);
    }

    @Test
    void isNotMigratedToSomethingSlowerUnlessToANodeThatHasNothingElse() {
        String id = submit(Tier.BASIC, GPU, CPU);

        Answer anywhere = apply(new Command.Migrate(id, null));
        assertThat(anywhere.accepted()).isFalse();
        assertThat(anywhere.text()).contains("no other node has room for " + id);
        assertThat(state(id)).isEqualTo(WorkloadState.RUNNING);

        assertThat(apply(new Command.Migrate(id, "n2")).accepted()).isTrue();
        assertThat(view(id).claim()).isEqualTo("n2");
    }

    /** Its image can go on there, but not with what it has. */
    @Test
    void isMigratedToWhereItsImageGoesOnAsAnotherAlternative() {
        apply(new Command.Join(
                "n2", "i2", new Resources(2000, 4000, 1000), devices(AcceleratorKind.FPGA), Location.NOWHERE, "cards"));
        String id = submit(Tier.BASIC, GPU, CPU);
        foresee(id, false, true);

        Answer answer = apply(new Command.Migrate(id, "n2"));

        assertThat(answer.accepted()).as(answer.text()).isTrue();
        assertThat(view(id).claim()).isEqualTo("n2");
    }

    @Test
    void isSaidToGoOnNowhereOnlyIfItDoesSoAsNoneOfItsAlternatives() {
        apply(new Command.Join(
                "n1", "i1", new Resources(2000, 4000, 1000), devices(AcceleratorKind.GPU), Location.NOWHERE, "cards"));
        apply(new Command.Cordon("n2", true));
        String id = submit(Tier.BASIC, GPU, CPU);
        apply(new Command.Suspend(id));
        observe(id, said(id, 1, Phase.SUSPENDED, view(id).image(), 0));
        submit(Tier.PREMIUM, new Alternative(AcceleratorKind.CPU, TWO_CORES, Alternative.FULL_SPEED));
        apply(new Command.Resume(id));
        assertThat(state(id)).isEqualTo(WorkloadState.QUEUED);

        foresee(id, false, true);
        assertThat(pool.impossible(id)).isEmpty();
        foresee(id, false, false);
        assertThat(pool.impossible(id)).containsExactly("Node n1 cannot go on with its image: of another build.");
    }

    /** What is known of nodes with cards. */
    private void foresee(String id, boolean gpu, boolean cores) {
        String image = Objects.requireNonNull(view(id).image()).directory();
        apply(new Command.Foresee(
                id,
                image,
                Map.of(
                        Prospect.key("cards", AcceleratorKind.GPU), new Prospect(gpu, 0, gpu ? "" : "of another build"),
                        Prospect.key("cards", AcceleratorKind.CPU),
                                new Prospect(cores, 0, cores ? "" : "of another build"))));
    }

    private static NodeDevices devices(AcceleratorKind kind) {
        return new NodeDevices(Map.of(kind, 1));
    }

    /** As others come and go, each move up was paid for by the time that was run before. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void movesUpTakeASmallPartOfTheTime(long seed) {
        Random random = new Random(seed);
        String id = submit(Tier.BASIC, GPU, FPGA, CPU);
        String other = "";
        long began = now;
        long moves = 0;
        for (int step = 0; step < 400; step++) {
            if (!other.isEmpty() && random.nextInt(3) == 0 && view(other).node() != null) {
                observe(other, said(other, view(other).epoch(), Phase.EXITED, null, 0));
                other = "";
            } else if (other.isEmpty()) {
                other = submit(Tier.STANDARD, random.nextBoolean() ? GPU : FPGA);
            }
            pass(random.nextInt(3000));
            if (state(id) == WorkloadState.SUSPENDING) {
                moves += view(id).claim() != null ? 1 : 0;
                report(id, Phase.SUSPENDED);
            }
            if (state(id) == WorkloadState.STARTING) {
                report(id, Phase.RUNNING);
            }
            if (!other.isEmpty() && state(other) == WorkloadState.STARTING) {
                report(other, Phase.RUNNING);
            }
        }

        assertThat(moves).isLessThanOrEqualTo((now - began) / 4000);
    }
}
