package dev.ingot.scheduler.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Where workloads may run, and how the members of gangs lie beside each other: in single cases, and on random pools under random faults. */
class TopologyTest {
    private static final int STEPS = 400;
    private static final List<Tier> TIERS = List.of(Tier.values());
    private static final List<Level> LEVELS = List.of(Level.values());
    private static final Resources CORE = new Resources(1000, 100, 0);
    private static final List<String> LOCATIONS =
            List.of("", "eu", "eu/a", "eu/a/r1", "eu/a/r1", "eu/a/r2", "eu/b/r1", "eu/b/r1", "us/a/r1", "us/a/r2");

    private final Pool pool = new Pool(Policy.USUAL);
    private long now = 1;

    static List<Long> seeds() {
        return PoolLawsTest.seeds();
    }

    /* ---- Laws ---- */

    @ParameterizedTest
    @MethodSource("seeds")
    void nobodyIsEverWhereItMayNotBe(long seed) {
        Random random = new Random(seed);
        Pool other = new Pool(Policy.USUAL);
        FakeNodes nodes = located(other, random, seed, true);
        for (int step = 0; step < STEPS; step++) {
            if (random.nextInt(4) == 0) {
                command(nodes, other, random);
            }
            nodes.step();

            assertPlacedByTheRules(other);
        }
    }

    /** Who is suspended for a gang makes room where all of it may be. */
    @ParameterizedTest
    @MethodSource("seeds")
    void roomIsMadeForAllOfAGangWhereItMayBe(long seed) {
        Random random = new Random(seed);
        Pool other = new Pool(Policy.USUAL);
        FakeNodes nodes = located(other, random, seed, true);
        for (int step = 0; step < STEPS; step++) {
            if (random.nextInt(4) == 0) {
                command(nodes, other, random);
            }
            nodes.step();

            copies(other).forEach((gang, copies) -> {
                List<WorkloadView> waiting = copies.stream()
                        .filter(copy -> copy.spec().gang() > 1 && copy.state() == WorkloadState.QUEUED)
                        .toList();
                List<String> claims = new ArrayList<>();
                waiting.forEach(copy -> {
                    if (copy.claim() != null) {
                        claims.add(copy.claim());
                    }
                });
                if (!claims.isEmpty()) {
                    assertThat(claims).as("claims of all of %s", gang).hasSameSizeAs(waiting);
                    assertThat(isAllowed(other, waiting.get(0).spec().placement(), claims))
                            .as("claims of %s on %s", gang, claims)
                            .isTrue();
                }
            });
        }
    }

    /** Compared with a model that tries every region, zone, rack and node. */
    @ParameterizedTest
    @MethodSource("seeds")
    void noneWaitsWhereANaiveModelHasRoom(long seed) {
        Random random = new Random(seed);
        Pool other = new Pool(Policy.USUAL);
        FakeNodes nodes = located(other, random, seed, true);
        for (int step = 0; step < STEPS; step++) {
            if (random.nextInt(4) == 0) {
                command(nodes, other, random);
            }
            nodes.step();
        }
        other.workloads().stream()
                .filter(view -> view.state() == WorkloadState.HELD)
                .forEach(view -> nodes.apply(new Command.Resume(view.id())));

        nodes.settle();

        assertPlacedByTheRules(other);
        boolean kept = other.workloads().stream().anyMatch(view -> view.claim() != null);
        copies(other).forEach((gang, copies) -> {
            List<WorkloadView> waiting = copies.stream()
                    .filter(copy -> copy.state() == WorkloadState.QUEUED)
                    // Copies of a gang that does not run wait for that.
                    .filter(copy -> copy.spec().gang() > 1 || copy.id().indexOf('.') < 0)
                    .toList();
            if (!kept && !waiting.isEmpty()) {
                assertThat(naiveRoom(other, waiting.get(0).spec()))
                        .as("room for %s members of %s: %s", waiting.size(), gang, waiting.get(0))
                        .isLessThan(waiting.size());
            }
        });
    }

    /** Otherwise the laws would say nothing of them. */
    @Test
    void gangsOfEachKindStartAndWaitInTheseRuns() {
        Map<String, Integer> started = new TreeMap<>();
        int preempted = 0;
        for (long seed = 1; seed <= 20; seed++) {
            Random random = new Random(seed);
            Pool other = new Pool(Policy.USUAL);
            FakeNodes nodes = located(other, random, seed, true);
            for (int step = 0; step < STEPS; step++) {
                if (random.nextInt(4) == 0) {
                    command(nodes, other, random);
                }
                nodes.step();
            }
            for (WorkloadView view : other.workloads()) {
                PlacementRule rule = view.spec().placement();
                boolean ran = view.history().stream().anyMatch(event -> event.state() == WorkloadState.STARTING);
                if (ran && view.spec().gang() > 1) {
                    started.merge(rule.together() + " " + !rule.spread().isEmpty(), 1, Integer::sum);
                }
            }
            preempted += other.preemptions().values().stream()
                    .mapToInt(Long::intValue)
                    .sum();
        }

        for (Level level : Level.values()) {
            assertThat(started).containsKey(level + " false");
        }
        assertThat(started).containsKeys("null true", "ZONE true");
        assertThat(preempted).isGreaterThan(20);
    }

    /** Does random things to a pool of unreliable nodes. */
    static List<FakeNodes.Timed> record(Pool pool, long seed, int steps) {
        Random random = new Random(seed);
        FakeNodes nodes = located(pool, random, seed, true);
        for (int step = 0; step < steps; step++) {
            command(nodes, pool, random);
            nodes.step();
        }
        return nodes.commands;
    }

    private static FakeNodes located(Pool pool, Random random, long seed, boolean hostile) {
        FakeNodes nodes = new FakeNodes(pool, seed, hostile);
        for (int number = 1; number <= 4 + random.nextInt(5); number++) {
            nodes.add(
                    "n" + number,
                    new Resources(1000L * (1 + random.nextInt(4)), 1000 + random.nextInt(3000), 0),
                    new Location(LOCATIONS.get(random.nextInt(LOCATIONS.size()))));
        }
        return nodes;
    }

    private static void command(FakeNodes nodes, Pool pool, Random random) {
        if (random.nextInt(3) > 0) {
            PoolLawsTest.command(nodes, pool, random);
            return;
        }
        Tier tier = TIERS.get(random.nextInt(3));
        int members = 1 + random.nextInt(4);
        int least = 1 + random.nextInt(members);
        Location within = random.nextInt(4) == 0
                ? new Location(LOCATIONS.get(random.nextInt(LOCATIONS.size())))
                : Location.NOWHERE;
        Map<Level, Integer> spread = new HashMap<>();
        Level together = null;
        if (members > 1) {
            together = random.nextInt(4) == 0 ? null : LEVELS.get(random.nextInt(4));
            if (random.nextInt(3) == 0) {
                spread.put(LEVELS.get(random.nextInt(4)), 1 + random.nextInt(2));
            }
        }
        Resources needs = new Resources(500L * (1 + random.nextInt(3)), 100 + random.nextInt(500), 0);
        WorkloadSpec spec =
                PoolLawsTest.gang(tier, needs, members, least).placed(new PlacementRule(within, together, spread));
        nodes.apply(new Command.Submit("t" + random.nextInt(1000), spec));
    }

    private static void assertPlacedByTheRules(Pool pool) {
        copies(pool).forEach((gang, copies) -> {
            List<String> places = new ArrayList<>();
            copies.forEach(copy -> {
                if (copy.node() != null) {
                    places.add(copy.node());
                }
            });
            PlacementRule rule = copies.get(0).spec().placement();
            assertThat(isAllowed(pool, rule, places))
                    .as("%s on %s, which is to run %s", gang, places, rule)
                    .isTrue();
        });
    }

    private static Map<String, List<WorkloadView>> copies(Pool pool) {
        Map<String, List<WorkloadView>> copies = new TreeMap<>();
        for (WorkloadView view : pool.workloads()) {
            int end = view.id().indexOf('.');
            copies.computeIfAbsent(end < 0 ? view.id() : view.id().substring(0, end), id -> new ArrayList<>())
                    .add(view);
        }
        return copies;
    }

    /* ---- A naive model of rules ---- */

    private static boolean isAllowed(Pool pool, PlacementRule rule, List<String> places) {
        for (String place : places) {
            if (!isWithin(node(pool, place), rule.within().path())) {
                return false;
            }
        }
        Level together = rule.together();
        if (together != null) {
            List<String> domains = places.stream()
                    .map(place -> String.valueOf(domain(node(pool, place), together)))
                    .distinct()
                    .toList();
            if (domains.size() > 1 || domains.contains("null")) {
                return false;
            }
        }
        for (Map.Entry<Level, Integer> limit : rule.spread().entrySet()) {
            Map<String, Integer> counts = new HashMap<>();
            for (String place : places) {
                String domain = domain(node(pool, place), limit.getKey());
                if (domain == null || counts.merge(domain, 1, Integer::sum) > limit.getValue()) {
                    return false;
                }
            }
        }
        return true;
    }

    /** For how many of a gang there is room in any one place where all of it may be. */
    private static int naiveRoom(Pool pool, WorkloadSpec spec) {
        PlacementRule rule = spec.placement();
        Map<String, List<NodeView>> groups = new HashMap<>();
        for (NodeView node : pool.nodes()) {
            Level together = rule.together();
            String group = together == null ? "" : domain(node, together);
            boolean takes = node.alive() && !node.cordoned() && node.health() == HealthState.HEALTHY;
            if (takes && group != null && isWithin(node, rule.within().path())) {
                groups.computeIfAbsent(group, absent -> new ArrayList<>()).add(node);
            }
        }
        int most = 0;
        for (List<NodeView> group : groups.values()) {
            Map<String, Integer> counts = new HashMap<>();
            int room = 0;
            for (NodeView node : group) {
                Resources left = node.capacity().minus(node.used());
                while (spec.needs().fitsIn(left) && mayTakeOneMore(node, rule, counts)) {
                    left = left.minus(spec.needs());
                    rule.spread().keySet().forEach(level -> counts.merge(level + domain(node, level), 1, Integer::sum));
                    room++;
                }
            }
            most = Math.max(most, room);
        }
        return most;
    }

    private static boolean mayTakeOneMore(NodeView node, PlacementRule rule, Map<String, Integer> counts) {
        return rule.spread().entrySet().stream()
                .allMatch(limit -> domain(node, limit.getKey()) != null
                        && counts.getOrDefault(limit.getKey() + domain(node, limit.getKey()), 0) < limit.getValue());
    }

    private static NodeView node(Pool pool, String name) {
        return Objects.requireNonNull(pool.node(name));
    }

    private static boolean isWithin(NodeView node, String path) {
        return path.isEmpty() || (node.location().path() + "/").startsWith(path + "/");
    }

    private static @Nullable String domain(NodeView node, Level level) {
        if (level == Level.NODE) {
            return node.name();
        }
        int names = List.of(Level.REGION, Level.ZONE, Level.RACK).indexOf(level) + 1;
        String path = node.location().path();
        String[] parts = path.isEmpty() ? new String[0] : path.split("/");
        return parts.length < names
                ? null
                : String.join("/", Arrays.asList(parts).subList(0, names));
    }

    /* ---- Cases ---- */

    @Test
    void aLocationIsARegionAZoneAndARack() {
        Location rack = new Location("eu/a/r7");

        assertThat(rack.domain(Level.RACK)).isEqualTo("eu/a/r7");
        assertThat(rack.domain(Level.ZONE)).isEqualTo("eu/a");
        assertThat(rack.domain(Level.REGION)).isEqualTo("eu");
        assertThat(new Location("eu/a").domain(Level.RACK)).isNull();
        assertThat(new Location("eu").domain(Level.ZONE)).isNull();
        assertThat(Location.NOWHERE.domain(Level.REGION)).isNull();
        assertThat(rack.isIn(new Location("eu/a"))).isTrue();
        assertThat(rack.isIn(Location.NOWHERE)).isTrue();
        assertThat(new Location("eu/ab").isIn(new Location("eu/a"))).isFalse();
        for (String malformed : List.of("/", "eu/", "/a", "eu//a", "a/b/c/d", "e u", "../x")) {
            assertThatIllegalArgumentException().isThrownBy(() -> new Location(malformed));
        }
    }

    @Test
    void aGangStartsOnlyWhereAllOfItIsInOneRack() {
        join("n1", 2, "eu/a/r1");
        join("n2", 2, "eu/a/r2");
        join("n3", 1, "eu/a/r2");

        String gang = submit(Tier.STANDARD, 3, together(Level.RACK));

        assertThat(places(gang)).containsOnly("n2", "n3");
        String waits = submit(Tier.STANDARD, 2, together(Level.RACK));
        assertThat(places(waits)).containsOnly("n1");
        String never = submit(Tier.STANDARD, 4, together(Level.RACK));
        assertThat(states(never)).containsOnly(WorkloadState.QUEUED);
        assertThat(String.join("\n", pool.why(now, never)))
                .contains("It is to run all in one rack.")
                .contains("Rack eu/a/r2 has room for 0 of 4 now, and for 3 when it is empty.")
                .contains("Rack eu/a/r1 has room for 0 of 4 now, and for 2 when it is empty.");
    }

    @Test
    void nodesInNoRackAreNoRack() {
        join("n1", 2, "eu/a");
        join("n2", 2, "");

        String gang = submit(Tier.STANDARD, 2, together(Level.RACK));

        assertThat(states(gang)).containsOnly(WorkloadState.QUEUED);
        assertThat(String.join("\n", pool.why(now, gang))).contains("2 nodes are in no rack.");
        assertThat(states(submit(Tier.STANDARD, 2, together(Level.ZONE)))).containsOnly(WorkloadState.STARTING);
    }

    @Test
    void aGangThatMayBeAnywhereIsInTheSmallestDomainThatHasRoom() {
        join("n1", 1, "eu/a/r1");
        join("n2", 1, "eu/a/r2");
        join("n3", 2, "eu/b/r1");
        join("n4", 4, "us/a/r1");

        assertThat(places(submit(Tier.STANDARD, 2, PlacementRule.NONE))).containsOnly("n3");
        assertThat(places(submit(Tier.STANDARD, 3, PlacementRule.NONE))).containsOnly("n4");
        // No rack has room for both any more, but a zone has.
        assertThat(places(submit(Tier.STANDARD, 2, PlacementRule.NONE))).containsExactlyInAnyOrder("n1", "n2");
    }

    @Test
    void aGangInAZoneIsInOneRackOfItIfItFits() {
        join("n1", 1, "eu/a/r1");
        join("n2", 2, "eu/a/r2");

        assertThat(places(submit(Tier.STANDARD, 2, together(Level.ZONE)))).containsOnly("n2");
    }

    @Test
    void aGangIsOnOneNode() {
        join("n1", 1, "");
        join("n2", 1, "");
        join("n3", 3, "");

        assertThat(places(submit(Tier.STANDARD, 2, together(Level.NODE)))).containsOnly("n3");
        assertThat(states(submit(Tier.STANDARD, 2, together(Level.NODE)))).containsOnly(WorkloadState.QUEUED);
    }

    @Test
    void soManyAtMostAreInOneRack() {
        join("n1", 4, "eu/a/r1");
        join("n2", 1, "eu/a/r2");
        join("n3", 4, "eu/a/r3");

        assertThat(places(submit(Tier.STANDARD, 3, spread(Level.RACK, 1)))).containsExactlyInAnyOrder("n1", "n2", "n3");
        assertThat(states(submit(Tier.STANDARD, 5, spread(Level.RACK, 2)))).containsOnly(WorkloadState.QUEUED);
        assertThat(places(submit(Tier.STANDARD, 4, spread(Level.RACK, 2))))
                .containsExactlyInAnyOrder("n1", "n1", "n3", "n3");
    }

    @Test
    void roomIsMadeInOneRackAndNobodyIsSuspendedElsewhere() {
        join("n1", 2, "eu/a/r1");
        join("n2", 2, "eu/a/r2");
        // One of r1 is gone, so there is less to do.
        List<String> weak = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            weak.add(running(submit(Tier.BASIC, 1, PlacementRule.NONE)));
        }
        String gone = weak.stream()
                .filter(id -> "n1".equals(view(id).node()))
                .findFirst()
                .orElseThrow();
        apply(new Command.Cancel(gone));
        report(gone, Phase.EXITED);

        String gang = submit(Tier.PREMIUM, 2, together(Level.RACK));

        assertThat(claims(gang)).containsOnly("n1");
        assertThat(weak.stream().filter(id -> view(id).state() == WorkloadState.SUSPENDING))
                .singleElement()
                .satisfies(id -> assertThat(view(id).node()).isEqualTo("n1"));
    }

    @Test
    void nobodyIsSuspendedForAGangThatNoRackCouldHold() {
        join("n1", 2, "eu/a/r1");
        join("n2", 2, "eu/a/r2");
        List<String> weak = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            weak.add(running(submit(Tier.BASIC, 1, PlacementRule.NONE)));
        }

        String gang = submit(Tier.PREMIUM, 3, together(Level.RACK));

        assertThat(weak).allMatch(id -> view(id).state() == WorkloadState.RUNNING);
        assertThat(claims(gang)).containsOnly("null");
        assertThat(states(submit(Tier.PREMIUM, 3, together(Level.ZONE)))).containsOnly(WorkloadState.QUEUED);
        assertThat(weak.stream().filter(id -> view(id).state() == WorkloadState.SUSPENDING))
                .hasSize(3);
    }

    @Test
    void oneRackIsKeptForTheFirstThatHasWaitedForLong() {
        join("n1", 2, "eu/a/r1");
        join("n2", 2, "eu/a/r2");
        running(submit(Tier.STANDARD, 1, within("eu/a/r1")));
        running(submit(Tier.STANDARD, 1, within("eu/a/r2")));
        String gang = submit(Tier.STANDARD, 2, together(Level.RACK));
        assertThat(states(gang)).containsOnly(WorkloadState.QUEUED);

        now += Policy.USUAL.patienceMillis();
        apply(new Command.Tick());

        assertThat(claims(gang)).isIn(List.of("n1", "n1"), List.of("n2", "n2"));
        String small = submit(Tier.STANDARD, 1, PlacementRule.NONE);
        assertThat(view(small).node()).isNotNull().isNotEqualTo(claims(gang).get(0));
    }

    @Test
    void copiesBeyondTheLeastNumberComeWhereTheirGangIs() {
        join("n1", 1, "eu/a/r1");
        join("n2", 2, "eu/a/r2");
        join("n3", 4, "eu/a/r3");
        running(submit(Tier.STANDARD, 4, PlacementRule.NONE));
        WorkloadSpec spec = PoolLawsTest.gang(Tier.STANDARD, CORE, 3, 2).placed(together(Level.RACK));

        String gang = running(apply(new Command.Submit("elastic", spec)).text());

        assertThat(places(gang)).containsOnly("n2", "null");
        assertThat(apply(new Command.Migrate(gang + ".1", "n1")).accepted()).isFalse();
    }

    @Test
    void aWorkloadRunsWhereItHasToAndMovesOnlyThere() {
        join("n1", 1, "eu/a/r1");
        join("n2", 1, "eu/a/r2");
        join("n3", 4, "us/a/r1");

        String first = running(submit(Tier.STANDARD, 1, within("eu/a")));
        String second = submit(Tier.STANDARD, 1, within("eu"));
        String third = submit(Tier.STANDARD, 1, within("eu"));
        String nowhere = submit(Tier.STANDARD, 1, within("asia"));

        assertThat(List.of(
                        String.valueOf(view(first).node()),
                        String.valueOf(view(second).node())))
                .containsExactlyInAnyOrder("n1", "n2");
        assertThat(view(third).state()).isEqualTo(WorkloadState.QUEUED);
        assertThat(String.join("\n", pool.why(now, third)))
                .contains("It is to run within eu.")
                .contains("Node n3 is outside of where it may run.");
        assertThat(view(nowhere).state()).isEqualTo(WorkloadState.QUEUED);
        assertThat(apply(new Command.Migrate(first, "n3")).text())
                .isEqualTo(first + " cannot go to node n3: it is to run within eu/a");
        assertThat(apply(new Command.Migrate(first, null)).accepted()).isFalse();
    }

    /** While a pool is closed, claims stay as they are. */
    @Test
    void aClaimOnANodeThatHasComeBackElsewhereIsNone() {
        join("n1", 1, "eu/a/r1");
        join("n2", 1, "eu/a/r1");
        running(submit(Tier.BASIC, 1, PlacementRule.NONE));
        running(submit(Tier.BASIC, 1, PlacementRule.NONE));
        String gang = submit(Tier.PREMIUM, 2, together(Level.RACK));
        assertThat(claims(gang)).containsExactlyInAnyOrder("n1", "n2");
        apply(new Command.Close(true));
        for (String node : List.of("n1", "n2")) {
            apply(new Command.Lose(node, node));
            join(node, 1, "eu/a/" + node);
        }
        assertThat(claims(gang)).containsExactlyInAnyOrder("n1", "n2");

        apply(new Command.Close(false));

        assertThat(states(gang)).containsOnly(WorkloadState.QUEUED);
        assertThat(claims(gang)).containsOnly("null");
    }

    @Test
    void whoMayRunAnywhereDoesNotWaitForWhoMayNot() {
        join("n1", 1, "eu/a/r1");
        join("n2", 1, "us/a/r1");
        running(submit(Tier.STANDARD, 1, within("eu")));

        assertThat(view(submit(Tier.STANDARD, 1, within("eu"))).state()).isEqualTo(WorkloadState.QUEUED);
        assertThat(view(submit(Tier.STANDARD, 1, PlacementRule.NONE)).node()).isEqualTo("n2");
    }

    /* ---- Helpers ---- */

    private static PlacementRule together(Level level) {
        return new PlacementRule(Location.NOWHERE, level, Map.of());
    }

    private static PlacementRule spread(Level level, int most) {
        return new PlacementRule(Location.NOWHERE, null, Map.of(level, most));
    }

    private static PlacementRule within(String path) {
        return new PlacementRule(new Location(path), null, Map.of());
    }

    private Answer apply(Command command) {
        now++;
        return pool.apply(now, command);
    }

    private void join(String node, int cores, String location) {
        apply(new Command.Join(node, node, new Resources(cores * 1000L, 10_000, 0), new Location(location)));
    }

    private String submit(Tier tier, int members, PlacementRule rule) {
        WorkloadSpec spec = PoolLawsTest.gang(tier, CORE, members, members).placed(rule);
        return apply(new Command.Submit("key" + now, spec)).text();
    }

    private String running(String gang) {
        members(gang).stream().filter(id -> view(id).node() != null).forEach(id -> report(id, Phase.RUNNING));
        return gang;
    }

    private void report(String id, Phase phase) {
        String node = Objects.requireNonNull(view(id).node());
        Report report = new Report(id, view(id).epoch(), phase, null, 0, 0, 0, null, null);
        apply(new Command.Observe(node, node, List.of(report)));
    }

    private List<String> members(String gang) {
        return pool.workloads().stream()
                .map(WorkloadView::id)
                .filter(id -> id.equals(gang) || id.startsWith(gang + "."))
                .toList();
    }

    private WorkloadView view(String id) {
        return Objects.requireNonNull(pool.workload(id));
    }

    private List<WorkloadState> states(String gang) {
        return members(gang).stream().map(id -> view(id).state()).toList();
    }

    private List<String> places(String gang) {
        return members(gang).stream().map(id -> String.valueOf(view(id).node())).toList();
    }

    private List<String> claims(String gang) {
        return members(gang).stream()
                .map(id -> String.valueOf(view(id).claim()))
                .toList();
    }
}
