package dev.ingot.scheduler.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
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

/**
 * What holds whatever happens, on random pools under random faults; a seed in the name of a failed test makes the run again.
 */
class PoolLawsTest {
    private static final int STEPS = 600;
    /** {@code -Dingot.laws.seeds=N} for more. */
    private static final int SEEDS = Integer.getInteger("ingot.laws.seeds", 60);

    private static final long[] MILLI_DEVICES = {0, 0, 0, 250, 400, 500, 1000, 2000};
    private static final List<Tier> TIERS = List.of(Tier.values());

    static List<Long> seeds() {
        List<Long> seeds = new ArrayList<>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            seeds.add(seed);
        }
        return seeds;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void neverRunsTwoCopiesNorMoreThanANodeHoldsNorLosesOutput(long seed) {
        Random random = new Random(seed);
        Pool pool = new Pool(Policy.USUAL);
        FakeNodes nodes = pool(pool, random, seed, true);
        Map<String, List<OutputPart>> certain = new HashMap<>();

        for (int step = 0; step < STEPS; step++) {
            if (random.nextInt(5) == 0) {
                command(nodes, pool, random);
            }
            nodes.step();

            assertThat(nodes.running().values()).allMatch(copies -> copies <= 1);
            assertNodesHoldWhatIsPlaced(pool);
            assertDevicesAreOfTheKindThatWasChosen(pool);
            assertOutputOnlyGrows(pool, certain);
        }
    }

    /** Otherwise the laws would say nothing of it. */
    @Test
    void nodesComeBackInTheseRunsAndGoOn() {
        int returns = 0;
        long goneOn = 0;
        for (long seed = 1; seed <= 20; seed++) {
            Random random = new Random(seed);
            Pool pool = new Pool(Policy.USUAL);
            FakeNodes nodes = pool(pool, random, seed, true);
            for (int step = 0; step < STEPS; step++) {
                if (random.nextInt(5) == 0) {
                    command(nodes, pool, random);
                }
                nodes.step();
            }
            returns += nodes.returns;
            goneOn += pool.eventsAfter(0, 100_000).stream()
                    .filter(event -> event.reason().startsWith("goes on where it stood still"))
                    .count();
        }

        assertThat(returns).isPositive();
        assertThat(goneOn).isPositive();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void leavesNoRoomIdleThatSomebodyCouldUse(long seed) {
        Random random = new Random(seed);
        Pool pool = new Pool(Policy.USUAL);
        FakeNodes nodes = pool(pool, random, seed, true);
        for (int step = 0; step < STEPS; step++) {
            if (random.nextInt(5) == 0) {
                command(nodes, pool, random);
            }
            nodes.step();
        }
        pool.workloads().stream()
                .filter(view -> view.state() == WorkloadState.HELD)
                .forEach(view -> nodes.apply(new Command.Resume(view.id())));

        nodes.settle();

        for (WorkloadView waiting : pool.workloads()) {
            if (waiting.state() == WorkloadState.QUEUED
                    && waiting.spec().gang() == 1
                    // Copies of a gang that does not run wait for that.
                    && waiting.id().indexOf('.') < 0) {
                assertThat(pool.nodes())
                        .as(
                                "%s, which needs %s and %s",
                                waiting.id(), waiting.spec().needs(), waiting.history())
                        .allMatch(node -> keptForSomebody(pool, node)
                                || node.cordoned()
                                || node.health() != HealthState.HEALTHY
                                || !fits(free(pool, node), waiting));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void nobodyIsPlacedWhereItsImageCannotGoOnAndEverybodyWhereItCan(long seed) {
        Random random = new Random(seed);
        Pool pool = new Pool(Policy.USUAL);
        FakeNodes nodes = new FakeNodes(pool, seed, true);
        nodes.equipments = 2 + random.nextInt(2);
        addNodes(nodes, random);
        for (int step = 0; step < STEPS; step++) {
            if (random.nextInt(5) == 0) {
                command(nodes, pool, random);
            }
            nodes.step();
            assertPlacedWherePossible(pool, nodes);
        }
        pool.workloads().stream()
                .filter(view -> view.state() == WorkloadState.HELD)
                .forEach(view -> nodes.apply(new Command.Resume(view.id())));

        nodes.settle();

        assertPlacedWherePossible(pool, nodes);
        for (WorkloadView waiting : pool.workloads()) {
            if (waiting.state() == WorkloadState.QUEUED
                    && waiting.spec().gang() == 1
                    && waiting.id().indexOf('.') < 0) {
                assertThat(pool.nodes())
                        .as(
                                "%s, which needs %s and %s",
                                waiting.id(), waiting.spec().needs(), waiting.history())
                        .allMatch(node -> keptForSomebody(pool, node)
                                || node.cordoned()
                                || node.health() != HealthState.HEALTHY
                                || !mayGoOn(nodes, waiting.image(), node.name())
                                || !fits(free(pool, node), waiting));
            }
        }
    }

    private static void assertPlacedWherePossible(Pool pool, FakeNodes nodes) {
        for (NodeView node : pool.nodes()) {
            for (Order order : pool.orders(node.name())) {
                if (order.goal() != Goal.PREPARE) {
                    assertThat(mayGoOn(nodes, order.image(), node.name()))
                            .as("%s on %s", order, node)
                            .isTrue();
                }
            }
        }
    }

    private static boolean mayGoOn(FakeNodes nodes, @Nullable ImageReference image, String node) {
        Map<String, Prospect> known =
                image == null ? Map.of() : nodes.foreseen.getOrDefault(image.directory(), Map.of());
        Prospect prospect = known.get(nodes.equipment(node));
        return prospect == null || prospect.possible();
    }

    /** A command is followed by a plan for those alone whom it may concern; a tick by one for all. */
    @ParameterizedTest
    @MethodSource("seeds")
    void whoIsNotLookedAtAfterACommandCouldNotHaveStarted(long seed) {
        Random random = new Random(seed);
        Pool pool = new Pool(Policy.USUAL);
        FakeNodes nodes = pool(pool, random, seed, false);
        for (int step = 0; step < STEPS; step++) {
            nodes.apply(new Command.Tick());
            long before = pool.workloads().size();
            if (random.nextInt(5) == 0) {
                command(nodes, pool, random);
            }
            List<String> starting = starting(pool, before);
            // At the same time: some wait for nothing but time.
            pool.apply(nodes.now(), new Command.Tick());

            assertThat(starting(pool, before)).as("after step %d", step).isEqualTo(starting);
            nodes.step();
        }
    }

    private static List<String> starting(Pool pool, long most) {
        return pool.workloads().stream()
                .limit(most)
                .filter(view -> view.state() == WorkloadState.STARTING)
                .map(WorkloadView::id)
                // Copies that a gang could do without come once it runs.
                .filter(id -> id.indexOf('.') < 0)
                .toList();
    }

    /** Whatever there is room for, and whichever of their alternatives they have by that. */
    @ParameterizedTest
    @MethodSource("seeds")
    void premiumWithinAReservationNeverHoldsMoreThanThat(long seed) {
        Random random = new Random(seed);
        Pool pool = new Pool(Policy.USUAL);
        FakeNodes nodes = pool(pool, random, seed, true);
        NodeDevices cards = new NodeDevices(Map.of(AcceleratorKind.GPU, 2));
        nodes.add("large", new Resources(8000, 8000, 2000), cards, Location.NOWHERE);
        Resources reserved = new Resources(2000, 3000, 1000);
        assertThat(nodes.apply(new Command.Reserve("default", reserved)).accepted())
                .isTrue();
        for (int step = 0; step < STEPS; step++) {
            if (random.nextInt(5) == 0) {
                command(nodes, pool, random);
            }
            nodes.step();

            Resources held = Resources.NONE;
            for (WorkloadView view : pool.workloads()) {
                // Members of a gang may end one after the other.
                if (view.spec().gang() == 1 && view.standing() == Tier.PREMIUM && view.node() != null) {
                    held = held.plus(needs(view));
                }
            }
            assertThat(held.fitsIn(reserved))
                    .as("%s held in step %d", held, step)
                    .isTrue();
        }
    }

    /** On its own node it can have what it leaves as well. */
    @ParameterizedTest
    @MethodSource("seeds")
    void nothingFastestIsLeftFreeThatSomebodyCouldMoveUpTo(long seed) {
        Random random = new Random(seed);
        Pool pool = new Pool(Policy.USUAL);
        FakeNodes nodes = new FakeNodes(pool, seed, false);
        for (int number = 1; number <= 3; number++) {
            int cards = number == 1 ? 1 : random.nextInt(2);
            nodes.add(
                    "n" + number,
                    new Resources(2000L * (1 + random.nextInt(2)), 4000, cards * 1000L),
                    new NodeDevices(Map.of(AcceleratorKind.GPU, cards)),
                    Location.NOWHERE);
        }
        // Many are alike, and another one has a device for a while.
        Resources card = new Resources(1500, 100, 1000, AcceleratorKind.GPU);
        Alternative slow = new Alternative(AcceleratorKind.CPU, new Resources(1500, 100, 0), 100);
        WorkloadSpec either = spec(Tier.BASIC, card).toBuilder()
                .alternatives(List.of(new Alternative(card.kind(), card, Alternative.FULL_SPEED), slow))
                .build();
        Resources alone = new Resources(0, 100, 1000, AcceleratorKind.GPU);
        WorkloadSpec holder = spec(Tier.PREMIUM, alone).toBuilder()
                .alternatives(List.of(new Alternative(alone.kind(), alone, Alternative.FULL_SPEED)))
                .build();
        for (int step = 0; step < STEPS / 2; step++) {
            List<WorkloadView> active = pool.workloads(0, 100, null, true).workloads();
            List<WorkloadView> holders = active.stream()
                    .filter(view -> view.spec().tier() == Tier.PREMIUM)
                    .toList();
            if (holders.isEmpty() && random.nextInt(10) == 0) {
                nodes.apply(new Command.Submit("k" + step, holder));
            } else if (active.size() < 4) {
                nodes.apply(new Command.Submit("k" + step, either));
            } else if (!holders.isEmpty() && random.nextInt(20) == 0) {
                nodes.apply(new Command.Cancel(holders.get(0).id()));
            } else if (random.nextInt(20) == 0) {
                nodes.apply(new Command.Cancel(
                        active.get(random.nextInt(active.size())).id()));
            }
            nodes.step();
            nodes.passTime(random.nextInt(2000));

            assertNobodyCouldMoveUp(pool, nodes.now());
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void nothingButPremiumPreemptsBeforeTheMinimumRun(long seed) {
        assertThat(preemptionsAfterMinimumRuns(seed)).isNotNegative();
    }

    /** Otherwise the law would say nothing of it. */
    @Test
    void somePreemptInTheseRuns() {
        assertThat(LongStream.rangeClosed(1, 20)
                        .map(PoolLawsTest::preemptionsAfterMinimumRuns)
                        .sum())
                .isPositive();
    }

    /** How many there were that had to wait for that, of which none was too early. */
    private static long preemptionsAfterMinimumRuns(long seed) {
        Random random = new Random(seed);
        Pool pool = new Pool(Policy.USUAL);
        FakeNodes nodes = pool(pool, random, seed, true);
        nodes.apply(new Command.Reserve("default", new Resources(2000, 4000, 0)));
        for (int step = 0; step < STEPS; step++) {
            List<WorkloadView> active = pool.workloads(0, 100, null, true).workloads();
            if (active.size() < 8 && random.nextInt(3) == 0) {
                int members = random.nextInt(4) == 0 ? 2 : 1;
                WorkloadSpec spec =
                        gang(TIERS.get(random.nextInt(3)), needs(random), members, 1 + random.nextInt(members));
                nodes.apply(new Command.Submit(
                        "k" + step,
                        spec.toBuilder()
                                .minimumRunMillis(30_000L * (1 + random.nextInt(8)))
                                .build()));
            } else if (!active.isEmpty() && random.nextInt(20) == 0) {
                nodes.apply(new Command.Cancel(
                        active.get(random.nextInt(active.size())).id()));
            }
            nodes.step();
            nodes.passTime(random.nextInt(10_000));
        }

        // Who goes on where it was, after a refusal or a loss of its node, has not begun anew.
        Map<String, Long> began = new HashMap<>();
        Map<String, WorkloadState> last = new HashMap<>();
        long preemptions = 0;
        for (PoolEvent event : pool.eventsAfter(0, 100_000)) {
            String id = event.workload();
            WorkloadState state = event.state();
            if (id == null || state == null) {
                continue;
            }
            WorkloadState before = last.put(id, state);
            boolean preempted = event.reason().startsWith("makes room for ")
                    || event.reason().startsWith("tenant ");
            if (state == WorkloadState.STARTING
                    || (state == WorkloadState.RUNNING && before == WorkloadState.STARTING)) {
                began.put(id, event.atMillis());
            } else if (preempted && !event.reason().endsWith("(PREMIUM)")) {
                long ran = event.atMillis() - Objects.requireNonNull(began.get(id), id);
                WorkloadView view = pool.workload(id);
                if (view != null) {
                    assertThat(ran).as(id).isGreaterThanOrEqualTo(view.spec().minimumRunMillis());
                    preemptions++;
                }
            }
        }
        return preemptions;
    }

    private static void assertNobodyCouldMoveUp(Pool pool, long now) {
        for (WorkloadSnapshot each : pool.snapshot().workloads()) {
            WorkloadView view = each.view();
            boolean mayMove = view.state() == WorkloadState.RUNNING
                    && each.upAt() >= 0
                    && each.upAt() <= now
                    && view.claim() == null
                    && each.preparation() == null
                    && each.spareUntil() <= now;
            if (mayMove) {
                Resources fastest = view.spec().needs();
                Space own = Space.of(needs(view), view.devices());
                assertThat(pool.nodes())
                        .as("%s, which could be faster with %s", view.id(), fastest)
                        .allMatch(node -> keptForSomebody(pool, node)
                                || node.health() != HealthState.HEALTHY
                                || !(node.name().equals(view.node())
                                                ? free(pool, node).plus(own)
                                                : free(pool, node))
                                        .fits(fastest));
            }
        }
    }

    /** A naive reference: with needs of one core each, the strongest tiers run, as many as there are cores. */
    @ParameterizedTest
    @MethodSource("seeds")
    void runsAsManyOfEachTierAsANaiveModelDoes(long seed) {
        Random random = new Random(seed);
        Pool pool = new Pool(Policy.USUAL);
        FakeNodes nodes = new FakeNodes(pool, seed, false);
        int cores = addNodes(nodes, random);
        Map<Tier, Integer> wanted = new EnumMap<>(Tier.class);
        for (int i = 0; i < 20; i++) {
            Tier tier = TIERS.get(random.nextInt(3));
            wanted.merge(tier, 1, Integer::sum);
            nodes.apply(new Command.Submit("k" + i, spec(tier, new Resources(1000, 1 + random.nextInt(100), 0))));
            for (int step = random.nextInt(8); step > 0; step--) {
                nodes.step();
            }
        }

        nodes.settle();

        int left = cores;
        for (Tier tier : Tier.values()) {
            int expected = Math.min(left, wanted.getOrDefault(tier, 0));
            left -= expected;
            assertThat(pool.workloads().stream()
                            .filter(view -> view.state() == WorkloadState.RUNNING
                                    && view.spec().tier() == tier))
                    .as(tier.toString())
                    .hasSize(expected);
        }
    }

    /** A few nodes; how many cores they have together. */
    private static int addNodes(FakeNodes nodes, Random random) {
        int cores = 0;
        for (int number = 1; number <= 1 + random.nextInt(4); number++) {
            int share = 1 + random.nextInt(4);
            cores += share;
            nodes.add("n" + number, new Resources(share * 1000L, 100_000, 0));
        }
        return cores;
    }

    /** With needs of one core each, so that room cannot be in pieces. */
    @ParameterizedTest
    @MethodSource("seeds")
    void everyTenantHasItsReservationAndWhatIsIdleIsLent(long seed) {
        Random random = new Random(seed);
        Pool pool = new Pool(Policy.USUAL);
        FakeNodes nodes = new FakeNodes(pool, seed, false);
        int cores = addNodes(nodes, random);
        Map<String, Integer> reserved = new HashMap<>();
        int left = cores;
        for (String tenant : List.of("a", "b")) {
            int reservation = random.nextInt(left + 1);
            left -= reservation;
            reserved.put(tenant, reservation);
            Resources amount = new Resources(reservation * 1000L, reservation * 100L, 0);
            assertThat(nodes.apply(new Command.Reserve(tenant, amount)).accepted())
                    .isTrue();
        }
        Map<String, Integer> wanted = new HashMap<>();
        for (int i = 0; i < 20; i++) {
            String tenant = List.of("a", "b", "c").get(random.nextInt(3));
            Tier tier = TIERS.get(random.nextInt(3));
            if (tier == Tier.PREMIUM) {
                wanted.merge(tenant, 1, Integer::sum);
            }
            nodes.apply(new Command.Submit("k" + i, spec(tenant, tier, new Resources(1000, 1, 0))));
            for (int step = random.nextInt(8); step > 0; step--) {
                nodes.step();
            }
        }

        nodes.settle();

        for (String tenant : List.of("a", "b")) {
            int due = Math.min(reserved.getOrDefault(tenant, 0), wanted.getOrDefault(tenant, 0));
            assertThat(pool.workloads().stream()
                            .filter(view -> view.state() == WorkloadState.RUNNING
                                    && view.spec().tenant().equals(tenant)
                                    && view.spec().tier() == Tier.PREMIUM))
                    .as("%s, which has %s cores reserved", tenant, reserved.get(tenant))
                    .hasSizeGreaterThanOrEqualTo(due);
        }
        assertThat(pool.workloads().stream().filter(view -> view.state() == WorkloadState.RUNNING))
                .hasSize(Math.min(cores, 20));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void suspendsNobodyUnlessSomebodyStrongerHasAClaimOnTheRoom(long seed) {
        Random random = new Random(seed);
        Pool pool = new Pool(Policy.USUAL);
        FakeNodes nodes = pool(pool, random, seed, true);
        for (int step = 0; step < STEPS; step++) {
            Map<String, WorkloadState> before = new HashMap<>();
            pool.workloads().forEach(view -> before.put(view.id(), view.state()));
            if (random.nextInt(3) == 0) {
                nodes.apply(new Command.Submit("k" + step, spec(TIERS.get(random.nextInt(3)), needs(random))));
            }
            pool.workloads().stream()
                    .filter(view ->
                            view.state() == WorkloadState.SUSPENDING && before.get(view.id()) == WorkloadState.RUNNING)
                    .forEach(victim -> assertThat(pool.workloads())
                            .as("who %s makes room for", victim.id())
                            .anyMatch(other -> other.claim() != null
                                    && other.claim().equals(victim.node())
                                    && other.standing().compareTo(victim.standing()) < 0));
            nodes.step();
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void sameCommandsLeadToTheSamePool(long seed) {
        Pool first = recorded(seed);
        Pool second = recorded(seed);

        assertThat(second.workloads()).isEqualTo(first.workloads());
        assertThat(second.nodes()).isEqualTo(first.nodes());
    }

    private static Pool recorded(long seed) {
        Pool pool = new Pool(Policy.USUAL);
        record(pool, seed, 200);
        return pool;
    }

    /** Does random things to a pool of unreliable nodes. */
    static List<FakeNodes.Timed> record(Pool pool, long seed, int steps) {
        return record(pool, seed, steps, 0);
    }

    /** @param equipments how many kinds of nodes there are for images with accelerators; 0 if nobody says */
    static List<FakeNodes.Timed> record(Pool pool, long seed, int steps, int equipments) {
        Random random = new Random(seed);
        FakeNodes nodes = pool(pool, random, seed, true, equipments);
        nodes.apply(new Command.Reserve("default", new Resources(1000L * random.nextInt(3), 2000, 0)));
        for (int step = 0; step < steps; step++) {
            command(nodes, pool, random);
            nodes.step();
        }
        return nodes.commands;
    }

    static FakeNodes pool(Pool pool, Random random, long seed, boolean hostile) {
        return pool(pool, random, seed, hostile, 0);
    }

    private static FakeNodes pool(Pool pool, Random random, long seed, boolean hostile, int equipments) {
        FakeNodes nodes = new FakeNodes(pool, seed, hostile);
        nodes.equipments = equipments;
        for (int number = 1; number <= 2 + random.nextInt(3); number++) {
            int devices = random.nextInt(4);
            int cards = random.nextInt(devices + 1);
            Map<AcceleratorKind, Integer> kinds =
                    Map.of(AcceleratorKind.GPU, cards, AcceleratorKind.FPGA, devices - cards);
            nodes.add(
                    "n" + number,
                    new Resources(1000L * (1 + random.nextInt(4)), 1000 + random.nextInt(3000), devices * 1000L),
                    random.nextInt(4) == 0 ? NodeDevices.UNNAMED : new NodeDevices(kinds),
                    Location.NOWHERE);
        }
        return nodes;
    }

    static void command(FakeNodes nodes, Pool pool, Random random) {
        List<WorkloadView> workloads = pool.workloads();
        int chance = random.nextInt(13);
        if (workloads.isEmpty() || chance < 4) {
            Tier tier = TIERS.get(random.nextInt(3));
            int members = random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 1;
            int least = 1 + random.nextInt(members);
            WorkloadSpec spec = gang(tier, needs(random), members, least);
            nodes.apply(new Command.Submit(
                    "k" + random.nextInt(1000), random.nextInt(3) > 0 ? spec : withAlternatives(spec, random)));
            return;
        }
        String id = workloads.get(random.nextInt(workloads.size())).id();
        switch (chance) {
            case 4 -> nodes.apply(new Command.Suspend(id));
            case 5 -> nodes.apply(new Command.Resume(id));
            case 6 -> nodes.apply(new Command.Migrate(id, random.nextBoolean() ? null : "n1"));
            case 7 -> nodes.apply(new Command.Cancel(id));
            case 8 -> nodes.apply(new Command.Drain("n1"));
            case 9, 10 -> diagnose(nodes, pool, random);
            case 11 -> nodes.passTime(random.nextInt(random.nextBoolean() ? 10_000 : 900_000));
            default -> nodes.apply(new Command.Cordon("n1", random.nextInt(4) == 0));
        }
    }

    /** Probes find something, or nothing any more. */
    private static void diagnose(FakeNodes nodes, Pool pool, Random random) {
        List<NodeView> all = pool.nodes();
        NodeView node = all.get(random.nextInt(all.size()));
        Map<Probe, String> findings = new EnumMap<>(Probe.class);
        for (Probe probe : Probe.values()) {
            if (random.nextInt(4) == 0) {
                findings.put(probe, "odd");
            }
        }
        nodes.apply(
                new Command.Diagnose(node.name(), node.incarnation(), random.nextInt(3) == 0 ? Map.of() : findings));
    }

    static Resources needs(Random random) {
        long devices = MILLI_DEVICES[random.nextInt(MILLI_DEVICES.length)];
        return new Resources(500L * (1 + random.nextInt(5)), 100 + random.nextInt(1500), devices);
    }

    /** Some of the ways in which accelerators can be named. */
    static WorkloadSpec withAlternatives(WorkloadSpec spec, Random random) {
        Resources needs = spec.needs();
        long devices = Math.max(500, needs.milliDevices());
        List<Alternative> ways = new ArrayList<>();
        int speed = Alternative.FULL_SPEED;
        for (AcceleratorKind kind : List.of(AcceleratorKind.GPU, AcceleratorKind.FPGA, AcceleratorKind.CPU)) {
            if (random.nextInt(3) > 0 || (kind == AcceleratorKind.CPU && ways.isEmpty())) {
                Resources amount = kind == AcceleratorKind.CPU
                        ? new Resources(500L * (1 + random.nextInt(4)), needs.memoryMiB(), 0)
                        : new Resources(needs.milliCores(), needs.memoryMiB(), devices, kind);
                ways.add(new Alternative(kind, amount, speed));
                speed = speed / (2 + random.nextInt(4));
            }
        }
        return spec.toBuilder().alternatives(ways).build();
    }

    /** What one has, or would have first. */
    private static Resources needs(WorkloadView view) {
        return view.spec().alternatives().get(view.choice()).needs();
    }

    private static boolean fits(Space free, WorkloadView view) {
        return view.spec().alternatives().stream().anyMatch(each -> free.fits(each.needs()));
    }

    /** As each workload says on which devices it is. */
    private static Space free(Pool pool, NodeView node) {
        Space free = Space.of(node.capacity(), node.devices());
        for (WorkloadView view : pool.workloads()) {
            if (node.name().equals(view.node())) {
                free = free.minus(Space.of(needs(view), view.devices()));
            }
        }
        return free;
    }

    static WorkloadSpec gang(Tier tier, Resources needs, int members, int least) {
        return new WorkloadSpec(
                        "job",
                        "default",
                        tier,
                        0,
                        needs,
                        List.of("java", "Job"),
                        "/",
                        Map.of(),
                        members > 1 ? 5_000 : 0)
                .toBuilder().gang(members, least).build();
    }

    static WorkloadSpec spec(Tier tier, Resources needs) {
        return spec("default", tier, needs);
    }

    static WorkloadSpec spec(String tenant, Tier tier, Resources needs) {
        return new WorkloadSpec("job", tenant, tier, 0, needs, List.of("java", "Job"), "/", Map.of(), 0);
    }

    private static void assertNodesHoldWhatIsPlaced(Pool pool) {
        for (NodeView node : pool.nodes()) {
            Resources placed = pool.workloads().stream()
                    .filter(view -> node.name().equals(view.node()))
                    .map(PoolLawsTest::needs)
                    .reduce(Resources.NONE, Resources::plus);
            assertThat(node.used()).isEqualTo(placed);
            assertThat(free(pool, node).isOverdrawn()).isFalse();
            pool.workloads().stream()
                    .filter(view -> node.name().equals(view.node()))
                    .forEach(view -> assertThat(view.devices())
                            .hasSize((int) Math.ceil(needs(view).milliDevices() / 1000.0)));
        }
    }

    private static void assertDevicesAreOfTheKindThatWasChosen(Pool pool) {
        for (WorkloadView view : pool.workloads()) {
            Alternative alternative = view.alternative();
            if (alternative != null && view.spec().namesAccelerators()) {
                AcceleratorKind[] kinds = Objects.requireNonNull(pool.node(String.valueOf(view.node())))
                        .devices()
                        .places();
                assertThat(view.devices())
                        .as("%s with %s", view.id(), alternative.text())
                        .allMatch(place -> kinds[place] == alternative.kind());
            }
        }
    }

    private static void assertOutputOnlyGrows(Pool pool, Map<String, List<OutputPart>> certain) {
        for (WorkloadView view : pool.workloads()) {
            if (view.history().stream()
                    .anyMatch(event -> event.state() == WorkloadState.FAILED
                            || event.reason().contains("goes back to image"))) {
                // What it wrote since the image that it goes on from is taken back.
                continue;
            }
            List<OutputPart> before = certain.getOrDefault(view.id(), List.of());
            assertThat(beginsWith(view.output(), before))
                    .as("%s wrote %s, then %s", view.id(), before, view.output())
                    .isTrue();
            certain.put(view.id(), view.output());
        }
    }

    private static boolean beginsWith(List<OutputPart> whole, List<OutputPart> beginning) {
        for (int i = 0; i < beginning.size(); i++) {
            OutputPart part = beginning.get(i);
            boolean last = i == beginning.size() - 1;
            if (part.length() > 0) {
                boolean there = i < whole.size()
                        && whole.get(i).epoch() == part.epoch()
                        && (last
                                ? whole.get(i).length() >= part.length()
                                : whole.get(i).length() == part.length());
                if (!there) {
                    return false;
                }
            }
        }
        return true;
    }

    static boolean keptForSomebody(Pool pool, NodeView node) {
        return pool.workloads().stream().anyMatch(view -> node.name().equals(view.claim()));
    }
}
