package dev.ingot.scheduler.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What tenants may have at most. */
class LimitsTest {
    private static final Resources ONE_CORE = new Resources(1000, 1, 0);
    private static final long HOUR = 3_600_000;
    private static final long ANY = TenantLimits.ANY;
    private static final List<String> TENANTS = List.of("a", "a/x", "a/y", "b");

    private final Pool pool = new Pool(Policy.USUAL);
    private long now = 1000;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 6);
    }

    private static TenantLimits borrowing(long cores) {
        return new TenantLimits(new Resources(cores * 1000, ANY, ANY), TenantLimits.NONE.lending(), null);
    }

    private static TenantLimits lending(long cores) {
        return new TenantLimits(TenantLimits.NONE.borrowing(), new Resources(cores * 1000, ANY, ANY), null);
    }

    private static TenantLimits budget(long coreHours, long window) {
        return new TenantLimits(
                TenantLimits.NONE.borrowing(), TenantLimits.NONE.lending(), new Budget(coreHours * 1000, ANY, window));
    }

    /** Whatever is submitted and ends, and however slowly it is suspended, no subtree holds more; and what fits within all limits does not wait. */
    @ParameterizedTest
    @MethodSource("seeds")
    void noTenantHoldsMoreThanItMayAndNothingWaitsThatCouldRun(long seed) {
        Random random = new Random(seed);
        FakeNodes nodes = new FakeNodes(pool, seed, false);
        int cores = 5 + random.nextInt(4);
        for (int number = 0; number < cores; number++) {
            nodes.add("n" + number, new Resources(1000, 1000, 0));
        }
        Map<String, Integer> most = new TreeMap<>();
        nodes.apply(new Command.Reserve("a", ONE_CORE.times(2)));
        for (String tenant : TENANTS) {
            if (random.nextInt(3) > 0) {
                int borrowed = random.nextInt(3);
                most.put(tenant, borrowed + (tenant.equals("a") ? 2 : 0));
                nodes.apply(new Command.Limit(tenant, borrowing(borrowed)));
            }
        }
        for (int i = 0; i < 25; i++) {
            String tenant = TENANTS.get(random.nextInt(TENANTS.size()));
            Tier tier = List.of(Tier.values()).get(random.nextInt(3));
            String id = nodes.apply(new Command.Submit("k" + i, PoolLawsTest.spec(tenant, tier, ONE_CORE)))
                    .text();
            if (random.nextInt(4) == 0) {
                nodes.apply(new Command.Cancel(id));
            }
            for (int step = random.nextInt(20); step > 0; step--) {
                nodes.step();
                assertThat(most)
                        .as("holds %s", held())
                        .allSatisfy((each, limit) -> assertThat(held(each)).isLessThanOrEqualTo(limit));
            }
        }

        nodes.settle();
        nodes.settle();

        assertThat(most).allSatisfy((each, limit) -> assertThat(held(each)).isLessThanOrEqualTo(limit));
        for (WorkloadView view : pool.workloads()) {
            String own = view.spec().tenant();
            boolean may = most.entrySet().stream()
                    .noneMatch(
                            each -> TenantPath.isWithin(own, each.getKey()) && held(each.getKey()) == each.getValue());
            assertThat(view.state() == WorkloadState.QUEUED && may && held().size() < cores)
                    .as("%s waits, held are %s of %s, limits %s", view.id(), held(), cores, most)
                    .isFalse();
        }
    }

    private List<String> held() {
        return pool.workloads().stream()
                .filter(view -> view.node() != null)
                .map(view -> view.spec().tenant())
                .toList();
    }

    private int held(String tenant) {
        return (int) held().stream()
                .filter(each -> TenantPath.isWithin(each, tenant))
                .count();
    }

    @Test
    void whoNeedsRoomWithinALimitGetsItFromWeakerOnesOfTheSameTenant() {
        join(8);
        apply(new Command.Reserve("a", ONE_CORE.times(2)));
        apply(new Command.Limit("a", borrowing(2)));
        List<String> basic = submit("a/x", Tier.BASIC, 6);
        obey();
        assertThat(held("a")).isEqualTo(4);
        pass(HOUR);

        String premium = submit("a/y", Tier.PREMIUM, 1).get(0);

        assertThat(basic.stream().filter(id -> state(id) == WorkloadState.SUSPENDING))
                .hasSize(1);
        assertThat(state(premium)).isEqualTo(WorkloadState.QUEUED);
        obey();
        assertThat(state(premium)).isEqualTo(WorkloadState.RUNNING);
        assertThat(held("a")).isEqualTo(4);
        String waits = basic.stream()
                .filter(id -> state(id) == WorkloadState.QUEUED)
                .findFirst()
                .orElseThrow();
        assertThat(pool.why(now, waits))
                .anyMatch(sentence -> sentence.startsWith("Tenant a holds 4 cores, 4 MiB and may hold 4 cores."));
    }

    @Test
    void whatATenantHoldsBeyondANewLimitIsSuspendedTheWeakestFirst() {
        join(8);
        List<String> standard = submit("a/x", Tier.STANDARD, 2);
        List<String> basic = submit("a/y", Tier.BASIC, 2);
        List<String> other = submit("b", Tier.BASIC, 2);
        obey();

        apply(new Command.Limit("a", borrowing(3)));
        assertThat(state(basic.get(1))).isEqualTo(WorkloadState.SUSPENDING);
        apply(new Command.Limit("a", borrowing(1)));
        obey();

        assertThat(standard).extracting(this::state).containsExactly(WorkloadState.RUNNING, WorkloadState.QUEUED);
        assertThat(basic).extracting(this::state).containsOnly(WorkloadState.QUEUED);
        assertThat(other).extracting(this::state).containsOnly(WorkloadState.RUNNING);
        apply(new Command.Limit("a", TenantLimits.NONE));
        obey();
        assertThat(held("a")).isEqualTo(4);
    }

    @Test
    void whatIsNotLentIsThereAtOnceAndTheRestIsReclaimedInOneDecision() {
        join(8);
        apply(new Command.Reserve("a", ONE_CORE.times(4)));
        apply(new Command.Limit("a", lending(1)));
        List<String> lent = submit("b", Tier.STANDARD, 8);
        obey();
        assertThat(held("b")).isEqualTo(5);
        pass(HOUR);
        assertThat(pool.why(now, lent.get(7))).contains("What is free is reserved by tenants that do not lend it.");

        List<String> own = submit("a", Tier.PREMIUM, 3);

        assertThat(own).extracting(this::state).containsOnly(WorkloadState.STARTING);
        assertThat(lent.stream().filter(id -> state(id) == WorkloadState.SUSPENDING))
                .isEmpty();
        obey();
        submit("a", Tier.PREMIUM, 1);
        assertThat(lent.stream().filter(id -> state(id) == WorkloadState.SUSPENDING))
                .hasSize(1);
    }

    @Test
    void idleRoomThatIsNotLentKeepsNobodyFromWhatWeakerOnesHold() {
        join(10);
        apply(new Command.Reserve("closed", ONE_CORE.times(4)));
        apply(new Command.Limit("closed", lending(0)));
        apply(new Command.Reserve("open", ONE_CORE.times(6)));
        List<String> basic = submit("b", Tier.BASIC, 7);
        obey();
        assertThat(held("b")).isEqualTo(6);
        pass(HOUR);

        String premium = submit("open", Tier.PREMIUM, 1).get(0);
        assertThat(state(premium)).isEqualTo(WorkloadState.STARTING);
        obey();
        String standard = submit("c", Tier.STANDARD, 1).get(0);

        // Of those that are not lent one is taken already.
        assertThat(basic.stream().filter(id -> state(id) == WorkloadState.SUSPENDING))
                .hasSize(2);
        obey();
        assertThat(state(standard)).isEqualTo(WorkloadState.RUNNING);
        assertThat(held("b")).isEqualTo(4);
    }

    @Test
    void whatIsReservedButNotThereKeepsNobodyFromItsOwn() {
        apply(new Command.Join("n0", "i", ONE_CORE.times(5)));
        apply(new Command.Join("n1", "i", ONE_CORE.times(5)));
        for (String tenant : List.of("a", "b")) {
            apply(new Command.Reserve(tenant, ONE_CORE.times(5)));
            apply(new Command.Limit(tenant, lending(0)));
        }
        apply(new Command.Lose("n1", "i"));

        assertThat(state(submit("a", Tier.PREMIUM, 1).get(0))).isEqualTo(WorkloadState.STARTING);
        assertThat(state(submit("b", Tier.PREMIUM, 1).get(0))).isEqualTo(WorkloadState.STARTING);
    }

    @Test
    void severalThatHoldNothingTogetherGetNoMoreThanIsLent() {
        join(10);
        apply(new Command.Reserve("a", ONE_CORE.times(8)));
        apply(new Command.Limit("a", lending(0)));
        apply(new Command.Close(true));
        List<String> all = new ArrayList<>();
        for (String tenant : List.of("b", "c", "d", "e")) {
            all.addAll(submit(tenant, Tier.STANDARD, 2));
        }

        apply(new Command.Close(false));

        assertThat(all.stream().filter(id -> state(id) == WorkloadState.STARTING))
                .hasSize(2);
    }

    @Test
    void onlyWhoHoldsWhatIsShortIsSuspendedForIt() {
        Resources device = new Resources(1000, 1, 1000);
        apply(new Command.Join("n", "i", new Resources(20_000, 1000, 4000)));
        apply(new Command.Limit(
                "a", new TenantLimits(new Resources(ANY, ANY, 2000), TenantLimits.NONE.lending(), null)));
        List<String> with = submit("a", Tier.BASIC, device, 2);
        List<String> without = submit("a", Tier.BASIC, 10);
        obey();
        pass(HOUR);

        submit("a", Tier.STANDARD, device, 1);

        assertThat(with.stream().filter(id -> state(id) == WorkloadState.SUSPENDING))
                .hasSize(1);
        assertThat(without).extracting(this::state).containsOnly(WorkloadState.RUNNING);
    }

    @Test
    void whoKnowsOnlyAPartOfATenantLearnsNothingOfTheWhole() {
        join(4);
        apply(new Command.Limit("a", borrowing(2)));
        List<String> own = submit("a/x", Tier.STANDARD, 3);
        obey();
        String waits = own.get(2);
        assertThat(pool.why(now, waits, "a/x"::equals))
                .contains("What its tenant is a part of holds what it may.")
                .noneMatch(sentence -> sentence.contains("Tenant a "));

        apply(new Command.Limit("a", borrowing(1)));
        obey();
        apply(new Command.Limit("a", budget(0, 0)));
        obey();

        assertThat(pool.why(now, waits, "a/x"::equals))
                .contains("What its tenant is a part of has used up its budget.")
                .noneMatch(sentence -> sentence.contains("budget of a "));
        assertThat(own.stream()
                        .flatMap(id -> Objects.requireNonNull(pool.workload(id)).history().stream())
                        .map(Event::reason))
                .contains(
                        "what its tenant is a part of holds more than it may",
                        "what its tenant is a part of has used up its budget")
                .noneMatch(reason -> reason.startsWith("a holds") || reason.contains("budget of a "));
    }

    @Test
    void aBudgetThatIsUsedUpHasEverythingSuspendedUntilItBeginsAnew() {
        join(4);
        apply(new Command.Limit("a", budget(3, 3 * HOUR)));
        long begin = now;
        List<String> own = submit("a/x", Tier.PREMIUM, 2);
        own = new ArrayList<>(own);
        own.addAll(submit("a/y", Tier.BASIC, 1));
        List<String> other = submit("b", Tier.BASIC, 1);
        obey();
        long from = now;

        while (held("a") == 3 && own.stream().noneMatch(id -> state(id) == WorkloadState.SUSPENDING)) {
            now = pool.nextTick(now);
            pool.apply(now, new Command.Tick());
        }

        // Three cores use up three core-hours in an hour, to the millisecond, but for those in which not all had
        // started.
        assertThat(now - from).isBetween(HOUR - 100, HOUR + 100);
        assertThat(own).extracting(this::state).containsOnly(WorkloadState.SUSPENDING);
        obey();
        assertThat(own).extracting(this::state).containsOnly(WorkloadState.QUEUED);
        assertThat(other).extracting(this::state).containsOnly(WorkloadState.RUNNING);
        assertThat(pool.why(now, own.get(0)))
                .anyMatch(sentence -> sentence.startsWith("The budget of a is used up. It goes on in 119 min"));
        assertThat(pool.eventsAfter(0, 1000).stream()
                        .filter(event ->
                                event.reason().equals("the budget of a is used up") && event.workload() == null))
                .hasSize(1);
        BudgetUse use = Objects.requireNonNull(pool.tenants().get(0).budgetUse());
        assertThat(use.milliCoreHours()).isBetween(3000L, 3001L);

        Pool restored = Pool.restore(Policy.USUAL, pool.snapshot());
        assertThat(restored.snapshot()).isEqualTo(pool.snapshot());
        assertThat(restored.nextTick(now)).isEqualTo(pool.nextTick(now));

        while (own.stream().anyMatch(id -> state(id) == WorkloadState.QUEUED)) {
            assertThat(now).isLessThanOrEqualTo(begin + 3 * HOUR);
            now = pool.nextTick(now);
            pool.apply(now, new Command.Tick());
        }
        assertThat(now).isEqualTo(begin + 3 * HOUR);
    }

    @Test
    void aBudgetThatIsRaisedLetsWorkGoOn() {
        join(2);
        apply(new Command.Limit("a", budget(1, 0)));
        String id = submit("a", Tier.STANDARD, 1).get(0);
        obey();
        pass(2 * HOUR);
        obey();
        assertThat(state(id)).isEqualTo(WorkloadState.QUEUED);
        assertThat(pool.why(now, id))
                .contains("The budget of a is used up. It goes on when 'ingot limit a' gives it more.");

        apply(new Command.Limit("a", budget(3, 0)));

        assertThat(state(id)).isEqualTo(WorkloadState.STARTING);
        assertThat(Objects.requireNonNull(pool.tenants().get(0).budgetUse()).milliCoreHours())
                .isBetween(2000L, 2001L);
    }

    /** Only what needs devices waits where only hours of devices are used up. */
    @Test
    void aBudgetOfDevicesIsNothingToWhatNeedsNone() {
        apply(new Command.Join("n", "i", new Resources(4000, 1000, 2000)));
        apply(new Command.Limit(
                "a",
                new TenantLimits(TenantLimits.NONE.borrowing(), TenantLimits.NONE.lending(), new Budget(ANY, 0, 0))));

        String with = apply(
                        new Command.Submit("d", PoolLawsTest.spec("a", Tier.STANDARD, new Resources(1000, 1, 1000))))
                .text();
        String without = submit("a", Tier.STANDARD, 1).get(0);

        assertThat(state(with)).isEqualTo(WorkloadState.QUEUED);
        assertThat(state(without)).isEqualTo(WorkloadState.STARTING);
    }

    @Test
    void gangsKeepWithinLimitsAsAWhole() {
        join(8);
        apply(new Command.Limit("default", borrowing(3)));

        String large = apply(new Command.Submit("g4", PoolLawsTest.gang(Tier.STANDARD, ONE_CORE, 4, 4)))
                .text();
        String small = apply(new Command.Submit("g3", PoolLawsTest.gang(Tier.STANDARD, ONE_CORE, 3, 3)))
                .text();
        pass(1);

        assertThat(state(large)).isEqualTo(WorkloadState.QUEUED);
        assertThat(state(small)).isEqualTo(WorkloadState.STARTING);
        assertThat(held("default")).isEqualTo(3);
    }

    private void join(int nodes) {
        for (int number = 0; number < nodes; number++) {
            apply(new Command.Join("n" + number, "i", new Resources(1000, 1000, 0)));
        }
    }

    private Answer apply(Command command) {
        now++;
        return pool.apply(now, command);
    }

    private List<String> submit(String tenant, Tier tier, int count) {
        return submit(tenant, tier, ONE_CORE, count);
    }

    private List<String> submit(String tenant, Tier tier, Resources needs, int count) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(apply(new Command.Submit("key " + now, PoolLawsTest.spec(tenant, tier, needs)))
                    .text());
        }
        return ids;
    }

    private WorkloadState state(String id) {
        return Objects.requireNonNull(pool.workload(id)).state();
    }

    private void pass(long millis) {
        now += millis;
        apply(new Command.Tick());
    }

    /** Nodes do what they are told until there is nothing more to do. */
    private void obey() {
        for (int round = 0; round < 4; round++) {
            for (NodeView node : pool.nodes()) {
                List<Report> reports = new ArrayList<>();
                for (Order order : pool.orders(node.name())) {
                    boolean suspend = order.goal() == Goal.SUSPEND;
                    ImageReference image =
                            suspend ? new ImageReference("image " + now + order.workload(), now, 1, 0) : null;
                    reports.add(new Report(
                            order.workload(),
                            order.epoch(),
                            suspend ? Phase.SUSPENDED : Phase.RUNNING,
                            image,
                            0,
                            1,
                            0,
                            null,
                            null));
                }
                apply(new Command.Observe(node.name(), "i", reports));
            }
            apply(new Command.Tick());
        }
    }
}
