package dev.ingot.scheduler.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tenants that are parts of others, against naive models. */
class TenantTreeTest {
    private static final Resources ONE_CORE = new Resources(1000, 1, 0);
    /** A tree of two levels and one of three; some inner tenants have workloads of their own. */
    private static final List<String> TENANTS = List.of("a", "a/x", "a/y", "a/y/p", "a/y/q", "b", "c/x", "c/y");

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 6);
    }

    /** Cores could be dealt out more evenly nowhere in the tree, whoever came first. */
    @ParameterizedTest
    @MethodSource("seeds")
    void partsShareWhatTheirWholeGets(long seed) {
        Random random = new Random(seed);
        Pool pool = new Pool(Policy.USUAL);
        FakeNodes nodes = new FakeNodes(pool, seed, false);
        int cores = 3 + random.nextInt(6);
        // One core each, as one node may be kept for who comes first in all of the pool.
        for (int number = 0; number < cores; number++) {
            nodes.add("n" + number, new Resources(1000, 100_000, 0));
        }
        Map<String, Integer> wanted = new TreeMap<>();
        for (int i = 0; i < 30; i++) {
            // In bursts, so that who comes first would have everything.
            String tenant = TENANTS.get((int) ((seed * 3 + random.nextInt(1 + i / 5)) % TENANTS.size()));
            wanted.merge(tenant, 1, Integer::sum);
            nodes.apply(new Command.Submit("k" + i, PoolLawsTest.spec(tenant, Tier.BASIC, ONE_CORE)));
            for (int step = random.nextInt(20); step > 0; step--) {
                nodes.step();
            }
        }

        // Turns take their time, and those of parts come after those of their wholes.
        for (int turn = 0; turn < 4; turn++) {
            nodes.settle();
        }

        assertThat(running(pool).values().stream().mapToInt(count -> count).sum())
                .isEqualTo(Math.min(cores, 30));
        for (String whole : List.of("", "a/", "a/y/", "c/")) {
            Map<String, Integer> run = parts(running(pool), whole);
            Map<String, Integer> want = parts(wanted, whole);
            for (String poor : want.keySet()) {
                for (String rich : run.keySet()) {
                    int less = run.getOrDefault(poor, 0);
                    assertThat(less == want.getOrDefault(poor, 0) || run.getOrDefault(rich, 0) <= less + 1)
                            .as(
                                    "'%s' and '%s' below '%s', of %d cores, wanted %s, runs %s",
                                    poor, rich, whole, cores, wanted, running(pool))
                            .isTrue();
                }
            }
        }
    }

    /** By part of what is below a prefix; a tenant's own are those of a part without name. */
    private static Map<String, Integer> parts(Map<String, Integer> all, String prefix) {
        Map<String, Integer> parts = new TreeMap<>();
        all.forEach((tenant, count) -> {
            if ((tenant + "/").equals(prefix)) {
                parts.merge("", count, Integer::sum);
            } else if (tenant.startsWith(prefix)) {
                parts.merge(TenantPath.root(tenant.substring(prefix.length())), count, Integer::sum);
            }
        });
        return parts;
    }

    private static Map<String, Integer> running(Pool pool) {
        Map<String, Integer> running = new TreeMap<>();
        for (WorkloadView view : pool.workloads()) {
            if (view.state() == WorkloadState.RUNNING) {
                running.merge(view.spec().tenant(), 1, Integer::sum);
            }
        }
        return running;
    }

    /** The model: each workload in the order of its coming, with all of the tree added up anew for each. */
    @ParameterizedTest
    @MethodSource("seeds")
    void whoIsCoveredIsAsInANaiveModel(long seed) {
        Random random = new Random(seed);
        Pool pool = new Pool(Policy.USUAL);
        long now = 1;
        pool.apply(now, new Command.Join("n", "i", new Resources(8000, 100_000, 0)));
        Map<String, Long> reserved = new TreeMap<>();
        for (int step = 0; step < 250; step++) {
            now++;
            String tenant = TENANTS.get(random.nextInt(TENANTS.size()));
            List<WorkloadView> all = pool.workloads();
            if (random.nextInt(4) == 0) {
                long cores = random.nextInt(7) * (tenant.contains("/") ? 300L : 700L);
                boolean accepted = pool.apply(
                                now, new Command.Reserve(tenant, new Resources(cores, cores == 0 ? 0 : cores, 0)))
                        .accepted();
                Map<String, Long> after = new TreeMap<>(reserved);
                after.put(tenant, cores);
                assertThat(accepted).as("%s %s in %s", tenant, cores, reserved).isEqualTo(mayBeReserved(after));
                reserved = accepted ? after : reserved;
            } else if (all.isEmpty() || random.nextInt(3) > 0) {
                Resources needs = new Resources(100L * (1 + random.nextInt(4)), 1, 0);
                pool.apply(now, new Command.Submit("k" + step, PoolLawsTest.spec(tenant, Tier.PREMIUM, needs)));
            } else {
                String id = all.get(random.nextInt(all.size())).id();
                pool.apply(
                        now,
                        switch (random.nextInt(3)) {
                            case 0 -> new Command.Suspend(id);
                            case 1 -> new Command.Resume(id);
                            default -> new Command.Cancel(id);
                        });
            }
            assertStandings(pool, reserved);
        }
    }

    private static boolean mayBeReserved(Map<String, Long> reserved) {
        for (String whole : new TreeSet<>(TENANTS)) {
            for (String each = whole; each != null; each = TenantPath.parent(each)) {
                if (reserved.getOrDefault(each, 0L) < reservedBelow(reserved, each)) {
                    return false;
                }
            }
        }
        return reservedBelow(reserved, null) <= 8000;
    }

    private static long reservedBelow(Map<String, Long> reserved, @Nullable String whole) {
        return reserved.entrySet().stream()
                .filter(each -> Objects.equals(TenantPath.parent(each.getKey()), whole))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private static void assertStandings(Pool pool, Map<String, Long> reserved) {
        boolean any = reserved.values().stream().anyMatch(cores -> cores > 0);
        Map<String, Long> covered = new TreeMap<>();
        for (WorkloadView view : pool.workloads()) {
            if (view.state().isEnded() || view.state() == WorkloadState.HELD) {
                continue;
            }
            String own = view.spec().tenant();
            Map<String, Long> with = new TreeMap<>(covered);
            with.merge(own, view.spec().needs().milliCores(), Long::sum);
            String root = TenantPath.root(own);
            boolean fits = load(root, with, reserved) <= reserved.getOrDefault(root, 0L);
            covered = fits ? with : covered;
            assertThat(view.standing())
                    .as("%s of %s", view, reserved)
                    .isEqualTo(!any || fits ? Tier.PREMIUM : Tier.STANDARD);
        }
    }

    /** What a tenant's own take, and of each part what it takes or, if that is more, has reserved. */
    private static long load(String tenant, Map<String, Long> covered, Map<String, Long> reserved) {
        long load = covered.getOrDefault(tenant, 0L);
        for (String part : new TreeSet<>(List.of("a/x", "a/y", "a/y/p", "a/y/q", "c/x", "c/y"))) {
            if (tenant.equals(TenantPath.parent(part))) {
                load += Math.max(reserved.getOrDefault(part, 0L), load(part, covered, reserved));
            }
        }
        return load;
    }

    @Test
    void whatIsReservedForAPartIsKeptForItAndTheRestIsForAllParts() {
        Pool pool = new Pool(Policy.USUAL);
        pool.apply(1, new Command.Join("n", "i", new Resources(8000, 100_000, 0)));
        pool.apply(2, new Command.Reserve("a", cores(4)));
        pool.apply(3, new Command.Reserve("a/x", cores(1)));
        List<String> speech = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Command submit = new Command.Submit("y" + i, PoolLawsTest.spec("a/y", Tier.PREMIUM, ONE_CORE));
            speech.add(pool.apply(4 + i, submit).text());
        }
        String vision = pool.apply(10, new Command.Submit("x", PoolLawsTest.spec("a/x", Tier.PREMIUM, ONE_CORE)))
                .text();

        assertThat(speech)
                .extracting(id -> Objects.requireNonNull(pool.workload(id)).standing())
                .containsExactly(Tier.PREMIUM, Tier.PREMIUM, Tier.PREMIUM, Tier.STANDARD);
        assertThat(Objects.requireNonNull(pool.workload(vision)).standing()).isEqualTo(Tier.PREMIUM);
        assertThat(pool.tenants())
                .containsExactly(
                        new TenantView("a", cores(4), cores(5), cores(4), TenantLimits.NONE, null),
                        new TenantView("a/x", cores(1), cores(1), cores(1), TenantLimits.NONE, null),
                        new TenantView("a/y", Resources.NONE, cores(4), Resources.NONE, TenantLimits.NONE, null));
    }

    private static Resources cores(int count) {
        return ONE_CORE.times(count);
    }

    /** What an inner tenant's own had is known apart from what its parts had, also when the pool goes on from a snapshot. */
    @Test
    void aRestoredPoolKnowsWhatPartsHaveHad() {
        Pool pool = new Pool(Policy.USUAL);
        pool.apply(1, new Command.Join("n", "i", new Resources(2000, 100_000, 0)));
        pool.apply(2, new Command.Submit("own", PoolLawsTest.spec("a", Tier.BASIC, ONE_CORE)));
        pool.apply(3_600_000, new Command.Submit("part", PoolLawsTest.spec("a/x", Tier.BASIC, ONE_CORE)));
        pool.apply(7_200_000, new Command.Tick());

        Pool restored = Pool.restore(Policy.USUAL, pool.snapshot());

        assertThat(pool.snapshot().usages().keySet()).containsExactlyInAnyOrder("a", "a/", "a/x");
        assertThat(restored.snapshot()).isEqualTo(pool.snapshot());
        String own = restored.apply(
                        7_300_000, new Command.Submit("own 2", PoolLawsTest.spec("a", Tier.BASIC, ONE_CORE)))
                .text();
        String part = restored.apply(
                        7_300_001, new Command.Submit("part 2", PoolLawsTest.spec("a/x", Tier.BASIC, ONE_CORE)))
                .text();
        // The tenant's own workload has run for longer.
        assertThat(restored.why(7_300_002, own)).contains("1 are ahead of it in the queue.");
        assertThat(restored.why(7_300_002, part)).contains("0 are ahead of it in the queue.");
    }
}
