package dev.ingot.scheduler.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How tenants of one tier share the pool, and what preemption costs, against naive models of both. */
class FairnessTest {
    private static final Resources ONE_CORE = new Resources(1000, 1, 0);
    private static final long MINUTE = 60_000;
    private static final long SUSPEND_MILLIS = 2000;

    private final Pool pool = new Pool(Policy.USUAL);
    private long now = 1000;
    private long images;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 40);
    }

    /** The model: whoever has least gets the next core, as long as it wants one. */
    @ParameterizedTest
    @MethodSource("seeds")
    void tenantsShareAsIfCoresWereDealtOutOneByOne(long seed) {
        Random random = new Random(seed);
        FakeNodes nodes = new FakeNodes(pool, seed, false);
        int cores = 0;
        for (int number = 1; number <= 1 + random.nextInt(3); number++) {
            int share = 1 + random.nextInt(5);
            cores += share;
            nodes.add("n" + number, new Resources(share * 1000L, 100_000, 0));
        }
        Map<String, Integer> wanted = new TreeMap<>();
        for (int i = 0; i < 24; i++) {
            // In bursts, so that who comes first would have everything.
            String tenant = List.of("a", "b", "c").get(random.nextInt(1 + i / 8));
            wanted.merge(tenant, 1, Integer::sum);
            nodes.apply(new Command.Submit("k" + i, PoolLawsTest.spec(tenant, Tier.BASIC, ONE_CORE)));
            for (int step = random.nextInt(20); step > 0; step--) {
                nodes.step();
            }
        }

        // Turns take their time.
        for (int turn = 0; turn < 4; turn++) {
            nodes.settle();
        }

        Map<String, Integer> model = new HashMap<>();
        for (int core = 0; core < cores; core++) {
            wanted.keySet().stream()
                    .filter(tenant -> model.getOrDefault(tenant, 0) < wanted.getOrDefault(tenant, 0))
                    .min((one, other) -> model.getOrDefault(one, 0) - model.getOrDefault(other, 0))
                    .ifPresent(tenant -> model.merge(tenant, 1, Integer::sum));
        }
        List<Integer> running = new ArrayList<>();
        wanted.keySet()
                .forEach(tenant -> running.add((int) pool.workloads().stream()
                        .filter(view -> view.state() == WorkloadState.RUNNING
                                && view.spec().tenant().equals(tenant))
                        .count()));
        // Which of those that are alike has one more does not matter.
        assertThat(sorted(running))
                .as("of %d cores, wanted %s", cores, wanted)
                .isEqualTo(sorted(wanted.keySet().stream()
                        .map(tenant -> model.getOrDefault(tenant, 0))
                        .toList()));
    }

    private static List<Integer> sorted(List<Integer> numbers) {
        return numbers.stream().sorted().toList();
    }

    @Test
    void tenantsTakeTurnsWhereRoomCannotBeDivided() {
        apply(new Command.Join("n", "i", ONE_CORE));
        String first = submit("a", Tier.STANDARD, ONE_CORE);
        String second = submit("b", Tier.STANDARD, ONE_CORE);

        Map<String, Long> ran = new HashMap<>();
        for (int minute = 0; minute < 24 * 60; minute++) {
            pass(MINUTE);
            pool.workloads().stream()
                    .filter(view -> view.state() == WorkloadState.RUNNING)
                    .forEach(view -> ran.merge(view.id(), 1L, Long::sum));
        }

        assertThat(ran.get(first)).isBetween(580L, 860L);
        assertThat(ran.get(second)).isBetween(580L, 860L);
        // A turn lasts about a quarter of an hour, so that what it costs does not matter.
        assertThat(epochs(first) + epochs(second)).isBetween(20L, 150L);
    }

    /** Who had the pool for long is behind others in the queue, but may have its part of it: whoever leaves that comes back later. */
    @Test
    void whoMakesRoomForSomebodyDoesNotTakeItAgain() {
        apply(new Command.Join("n", "i", new Resources(2000, 2, 0)));
        List<String> earlier = List.of(submit("a", Tier.STANDARD, ONE_CORE), submit("a", Tier.STANDARD, ONE_CORE));
        pass(3 * 24 * 60 * MINUTE);
        earlier.forEach(id -> apply(new Command.Cancel(id)));
        earlier.forEach(this::end);
        submit("b", Tier.STANDARD, ONE_CORE);
        submit("b", Tier.STANDARD, ONE_CORE);
        pass(1);
        pass(10 * MINUTE);

        String turn = submit("a", Tier.STANDARD, ONE_CORE);
        for (int minute = 0; minute < 60; minute++) {
            pass(MINUTE);
        }

        assertThat(state(turn)).isEqualTo(WorkloadState.RUNNING);
        assertThat(pool.preemptions()).containsExactly(Map.entry(Preemption.TURN, 1L));
    }

    /** Whatever tenants had before, and whoever is ahead of whom. */
    @ParameterizedTest
    @MethodSource("seeds")
    void workloadsAlikeRunTheirTurnAndStartWhereRoomWasMadeForThem(long seed) {
        Random random = new Random(seed);
        int nodes = 1 + random.nextInt(3);
        for (int number = 0; number < nodes; number++) {
            apply(new Command.Join("n" + number, "i", new Resources(1000L * (1 + random.nextInt(2)), 100, 0)));
        }
        List<String> tenants = List.of("a", "b", "c").subList(0, 2 + random.nextInt(2));
        for (String tenant : tenants) {
            List<String> before = new ArrayList<>();
            for (int i = random.nextInt(6); i > 0; i--) {
                before.add(submit(tenant, Tier.STANDARD, ONE_CORE));
            }
            pass(1);
            pass(random.nextInt(3 * 24 * 60) * MINUTE);
            before.stream().filter(id -> !state(id).isEnded()).forEach(id -> apply(new Command.Cancel(id)));
            before.stream().filter(id -> !state(id).isEnded()).forEach(this::end);
        }
        for (String tenant : tenants) {
            for (int i = 1 + random.nextInt(5); i > 0; i--) {
                submit(tenant, Tier.STANDARD, ONE_CORE);
                pass(random.nextInt(20) * MINUTE);
            }
        }
        long begin = pool.lastEvent();
        for (int step = 0; step < 3000; step++) {
            pass(MINUTE / 3);
        }

        Map<String, Long> since = new HashMap<>();
        Map<String, String> expected = new HashMap<>();
        for (PoolEvent event : pool.eventsAfter(0, 1_000_000)) {
            String id = event.workload();
            if (id == null || event.state() == null) {
                continue;
            }
            if (event.state() == WorkloadState.RUNNING) {
                since.put(id, event.atMillis());
            } else if (event.reason().contains("takes its turn with ")) {
                assertThat(event.atMillis() - since.getOrDefault(id, 0L))
                        .as("%s ran before %s", id, event)
                        .isGreaterThanOrEqualTo(Policy.USUAL.turnMillis());
                expected.put(id, event.reason().substring(event.reason().lastIndexOf(' ') + 1));
            } else if (event.state() == WorkloadState.STARTING) {
                expected.values().removeIf(id::equals);
                // Nobody ends any more, so there is no other room.
                assertThat(event.sequence() > begin ? expected.get(id) : null)
                        .as("whom %s made room for", id)
                        .isNull();
                expected.remove(id);
            }
        }
    }

    @Test
    void aNodeThatComesIsDividedAtOnce() {
        for (String tenant : List.of("a", "a", "a", "a", "b", "b", "b", "b")) {
            submit(tenant, Tier.BASIC, ONE_CORE);
        }

        apply(new Command.Join("n", "i", new Resources(4000, 100, 0)));

        assertThat(pool.workloads().stream()
                        .filter(view -> view.state() == WorkloadState.STARTING)
                        .map(view -> view.spec().tenant()))
                .containsExactlyInAnyOrder("a", "a", "b", "b");
    }

    @Test
    void whoSubmitsALotDoesNotStandInTheWayOfWhoSubmitsLittle() {
        apply(new Command.Join("n", "i", ONE_CORE));
        List<String> many = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            many.add(submit("a", Tier.STANDARD, ONE_CORE));
        }
        String single = submit("b", Tier.STANDARD, ONE_CORE);
        pass(1);

        end(many.get(0));

        assertThat(state(single)).isEqualTo(WorkloadState.STARTING);
    }

    @Test
    void whatIsPreemptedAgainAndAgainStillRunsMostOfTheTime() {
        apply(new Command.Join("n", "i", ONE_CORE));
        String basic = submit("a", Tier.BASIC, ONE_CORE);
        pass(1);
        long moved = 0;
        for (int round = 0; round < 200; round++) {
            String intruder = submit("a", Tier.STANDARD, ONE_CORE);
            while (state(intruder) != WorkloadState.RUNNING) {
                moved += state(basic) == WorkloadState.RUNNING ? 0 : 100;
                pass(100);
            }
            end(intruder);
            pass(1);
        }

        long ran = epochs(basic) * Policy.USUAL.runPerMove() * SUSPEND_MILLIS;
        assertThat(epochs(basic)).isGreaterThan(100);
        assertThat(moved).isLessThanOrEqualTo(ran / Policy.USUAL.runPerMove() + 200 * 200);
        assertThat(view(basic).served()).isGreaterThan(600);
    }

    @Test
    void premiumWaitsForNobodysTurn() {
        apply(new Command.Join("n", "i", ONE_CORE));
        String basic = submit("a", Tier.BASIC, ONE_CORE);
        pass(1);

        submit("a", Tier.PREMIUM, ONE_CORE);

        assertThat(state(basic)).isEqualTo(WorkloadState.SUSPENDING);
    }

    /** The model: all sets of those that may be suspended, on all nodes. */
    @ParameterizedTest
    @MethodSource("seeds")
    void victimsAreTheSetThatCostsLeast(long seed) {
        Random random = new Random(seed);
        for (int number = 0; number < 3; number++) {
            apply(new Command.Join("n" + number, "i", new Resources(6000, 100_000, 0)));
        }
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            ids.add(submit("a", Tier.BASIC, new Resources(500L * (1 + random.nextInt(3)), 10, 0)));
        }
        pass(1);
        Map<String, Long> costs = new HashMap<>();
        for (String id : ids) {
            costs.put(id, move(id, 1000 + random.nextInt(20_000), 1000 + random.nextInt(20_000)));
        }
        Map<String, List<WorkloadView>> placed = new TreeMap<>();
        for (WorkloadView view : pool.workloads()) {
            if (view.state() == WorkloadState.RUNNING && view.node() != null) {
                placed.computeIfAbsent(view.node(), absent -> new ArrayList<>()).add(view);
            }
        }
        long needed = 5000;
        long least = Long.MAX_VALUE;
        for (NodeView node : pool.nodes()) {
            List<WorkloadView> there = placed.getOrDefault(node.name(), List.of());
            long free = node.capacity().minus(node.used()).milliCores();
            for (int set = 0; set < 1 << there.size(); set++) {
                long room = free;
                long cost = 0;
                for (int i = 0; i < there.size(); i++) {
                    if ((set & 1 << i) != 0) {
                        room += there.get(i).spec().needs().milliCores();
                        cost += costs.getOrDefault(there.get(i).id(), 0L);
                    }
                }
                least = room >= needed ? Math.min(least, cost) : least;
            }
        }

        submit("a", Tier.PREMIUM, new Resources(needed, 10, 0));

        long chosen = ids.stream()
                .filter(id -> state(id) == WorkloadState.SUSPENDING)
                .mapToLong(id -> costs.getOrDefault(id, 0L))
                .sum();
        assertThat(chosen).isEqualTo(least);
    }

    /** Has a workload suspended and resumed where it is, in the given times; what that is taken to cost again. */
    private long move(String id, long suspendMillis, long resumeMillis) {
        apply(new Command.Suspend(id));
        now += suspendMillis;
        report(id, Phase.SUSPENDED);
        apply(new Command.Resume(id));
        assertThat(state(id)).isEqualTo(WorkloadState.STARTING);
        now += resumeMillis;
        report(id, Phase.RUNNING);
        // Each command takes a millisecond.
        return suspendMillis + 1 + resumeMillis + 1;
    }

    @Test
    void whatItIsServedIsVisibleAndWhatItLacks() {
        apply(new Command.Join("n", "i", ONE_CORE));
        String first = submit("a", Tier.STANDARD, ONE_CORE);
        String second = submit("a", Tier.STANDARD, ONE_CORE);
        for (int minute = 0; minute < 60; minute++) {
            pass(MINUTE);
        }

        assertThat(view(first).served()).isGreaterThan(980);
        assertThat(view(second).served()).isZero();
        assertThat(view(second).due()).isEqualTo(700);
        TierView tier = pool.tiers().stream()
                .filter(view -> view.tier() == Tier.STANDARD)
                .findFirst()
                .orElseThrow();
        assertThat(tier.lacking()).isEqualTo(1);
        assertThat(tier.due()).isEqualTo(700);
        assertThat(tier.served()).isBetween(490, 500);
        end(first);
        pass(1);
        for (int minute = 0; minute < 60; minute++) {
            pass(MINUTE);
        }

        // What lies an hour back counts half: half as much missed then as had since.
        assertThat(view(second).served()).isBetween(640, 690);
    }

    /* ---- Nodes that obey ---- */

    private Answer apply(Command command) {
        now++;
        return pool.apply(now, command);
    }

    private String submit(String tenant, Tier tier, Resources needs) {
        return apply(new Command.Submit("key " + now, PoolLawsTest.spec(tenant, tier, needs)))
                .text();
    }

    /** Lets time pass; nodes obey within it, and a suspension takes its time. */
    private void pass(long millis) {
        now += millis;
        apply(new Command.Tick());
        for (int round = 0; round < 3; round++) {
            for (WorkloadView view : pool.workloads()) {
                if (view.state() == WorkloadState.SUSPENDING) {
                    boolean over = view.history().get(view.history().size() - 1).atMillis() + SUSPEND_MILLIS <= now;
                    if (over) {
                        report(view.id(), Phase.SUSPENDED);
                    }
                } else if (view.state() == WorkloadState.STARTING) {
                    report(view.id(), Phase.RUNNING);
                }
            }
        }
    }

    private void end(String id) {
        report(id, Phase.EXITED);
    }

    private void report(String id, Phase phase) {
        WorkloadView view = view(id);
        images++;
        ImageReference image = phase == Phase.SUSPENDED ? new ImageReference("image", images, 1, 0) : null;
        Report report = new Report(id, view.epoch(), phase, image, 0, 0, 0, null, null);
        apply(new Command.Observe(String.valueOf(view.node()), "i", List.of(report)));
    }

    private WorkloadView view(String id) {
        return Objects.requireNonNull(pool.workload(id));
    }

    private WorkloadState state(String id) {
        return view(id).state();
    }

    private long epochs(String id) {
        return view(id).epoch();
    }
}
