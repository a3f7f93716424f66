package dev.ingot.scheduler.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds of gangs, on random pools under random faults and in single cases. */
class GangTest {
    private static final int STEPS = 600;
    private static final Resources CORE = new Resources(1000, 100, 0);

    private final Pool pool = new Pool(Policy.USUAL);
    private long now = 1;
    private long sequence;

    static List<Long> seeds() {
        return PoolLawsTest.seeds();
    }

    /* ---- Laws ---- */

    @ParameterizedTest
    @MethodSource("seeds")
    void neverRunsInPartAndAlwaysGoesOnFromOneSet(long seed) {
        Random random = new Random(seed);
        Pool other = new Pool(Policy.USUAL);
        FakeNodes nodes = PoolLawsTest.pool(other, random, seed, true);
        for (int step = 0; step < STEPS; step++) {
            if (random.nextInt(5) == 0) {
                PoolLawsTest.command(nodes, other, random);
            }
            nodes.step();

            gangs(other).forEach((gang, members) -> assertTogether(gang, members, nodes.now()));
            other.workloads().forEach(view -> assertNotWithoutItsGang(other, view));
        }
    }

    private static void assertTogether(String gang, List<WorkloadView> members, long now) {
        Set<WorkloadState> states = new HashSet<>();
        Set<Boolean> haveImages = new HashSet<>();
        for (WorkloadView member : members) {
            if (!member.state().isEnded()) {
                states.add(isSpared(member) ? WorkloadState.SUSPENDING : member.state());
                haveImages.add(member.image() != null);
            }
        }
        boolean up = states.contains(WorkloadState.STARTING) || states.contains(WorkloadState.RUNNING);
        boolean down = states.contains(WorkloadState.QUEUED)
                || states.contains(WorkloadState.HELD)
                || states.contains(WorkloadState.SUSPENDING)
                || states.contains(WorkloadState.CANCELLING);
        assertThat(up && down).as("%s at %s is %s", gang, now, members).isFalse();
        boolean stands = members.stream().noneMatch(member -> member.state().isPlaced());
        assertThat(stands && states.contains(WorkloadState.QUEUED) && states.contains(WorkloadState.HELD))
                .as("%s at %s is %s", gang, now, members)
                .isFalse();
        assertThat(haveImages).as("%s at %s is %s", gang, now, members).hasSizeLessThanOrEqualTo(1);
    }

    private static void assertNotWithoutItsGang(Pool pool, WorkloadView copy) {
        boolean runs =
                copy.state() == WorkloadState.STARTING || (copy.state() == WorkloadState.RUNNING && !isSpared(copy));
        if (runs && copy.spec().gang() == 1 && copy.id().indexOf('.') >= 0) {
            String gang = copy.id().substring(0, copy.id().indexOf('.'));
            int least = Objects.requireNonNull(pool.workload(gang)).spec().gang();
            for (int index = 0; index < least; index++) {
                String id = index == 0 ? gang : gang + "." + index;
                assertThat(Objects.requireNonNull(pool.workload(id)).state())
                        .as("%s, without which %s does not run", id, copy.id())
                        .isIn(WorkloadState.STARTING, WorkloadState.RUNNING, WorkloadState.DONE);
            }
        }
    }

    /** One that could not be suspended runs until it is tried again. */
    private static boolean isSpared(WorkloadView member) {
        List<Event> history = member.history();
        return history.get(history.size() - 1).reason().startsWith("could not be suspended");
    }

    private static Map<String, List<WorkloadView>> gangs(Pool pool) {
        Map<String, List<WorkloadView>> gangs = new HashMap<>();
        for (WorkloadView view : pool.workloads()) {
            if (view.spec().gang() > 1) {
                int end = view.id().indexOf('.');
                gangs.computeIfAbsent(end < 0 ? view.id() : view.id().substring(0, end), id -> new ArrayList<>())
                        .add(view);
            }
        }
        return gangs;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void noneWaitsWhereAllOfItFits(long seed) {
        Random random = new Random(seed);
        Pool other = new Pool(Policy.USUAL);
        FakeNodes nodes = PoolLawsTest.pool(other, random, seed, true);
        for (int step = 0; step < STEPS; step++) {
            if (random.nextInt(5) == 0) {
                PoolLawsTest.command(nodes, other, random);
            }
            nodes.step();
        }
        other.workloads().stream()
                .filter(view -> view.state() == WorkloadState.HELD)
                .forEach(view -> nodes.apply(new Command.Resume(view.id())));

        nodes.settle();

        gangs(other).forEach((gang, members) -> {
            List<WorkloadView> waiting = members.stream()
                    .filter(member -> member.state() == WorkloadState.QUEUED)
                    .toList();
            if (!waiting.isEmpty()) {
                int places = 0;
                for (NodeView node : other.nodes()) {
                    boolean closed = PoolLawsTest.keptForSomebody(other, node)
                            || node.cordoned()
                            || node.health() != HealthState.HEALTHY;
                    Resources free = node.capacity().minus(node.used());
                    places += closed ? 0 : waiting.get(0).spec().needs().timesIn(free, waiting.size());
                }
                assertThat(places).as("%s: %s", gang, waiting).isLessThan(waiting.size());
            }
        });
    }

    /* ---- Single cases ---- */

    @Test
    void startsOnlyAsAWholeAndLetsOthersPassMeanwhile() {
        join("n1", 2);
        join("n2", 1);
        String first = submit(Tier.STANDARD, 1, 0);
        String gang = submit(Tier.STANDARD, 3, 0);
        String small = submit(Tier.STANDARD, 1, 0);

        assertThat(states(gang)).containsOnly(WorkloadState.QUEUED);
        assertThat(state(small)).isEqualTo(WorkloadState.STARTING);
        assertThat(pool.why(now, gang + ".1"))
                .anyMatch(sentence -> sentence.startsWith("It is one of 3 members of gang " + gang));
        end(first);
        assertThat(states(gang)).containsOnly(WorkloadState.QUEUED);
        end(small);

        assertThat(states(gang)).containsOnly(WorkloadState.STARTING);
        assertThat(view(gang + ".2").spec().environment())
                .containsEntry(WorkloadSpec.INDEX_VARIABLE, "2")
                .containsEntry(WorkloadSpec.SIZE_VARIABLE, "3");
    }

    @Test
    void holdsNothingUntilItIsFirstAndHasWaitedLongEnough() {
        join("n1", 2);
        join("n2", 2);
        String first = submit(Tier.STANDARD, 1, 0);
        String gang = submit(Tier.STANDARD, 4, 0);
        assertThat(view(gang).claim()).isNull();
        now += Policy.USUAL.patienceMillis();
        apply(new Command.Tick());

        String late = submit(Tier.STANDARD, 1, 0);

        assertThat(claims(gang)).containsExactlyInAnyOrder("n1", "n1", "n2", "n2");
        assertThat(state(late)).isEqualTo(WorkloadState.QUEUED);
        end(first);
        assertThat(states(gang)).containsOnly(WorkloadState.STARTING);
    }

    @Test
    void aLargeOneThatCanNeverStartKeepsNothing() {
        join("n1", 2);
        String gang = submit(Tier.STANDARD, 3, 0);
        now += Policy.USUAL.patienceMillis();
        apply(new Command.Tick());

        assertThat(view(gang).claim()).isNull();
        assertThat(state(submit(Tier.BASIC, 1, 0))).isEqualTo(WorkloadState.STARTING);
    }

    @Test
    void suspendsOthersOnlyIfAllOfItWillStart() {
        join("n1", 2);
        String basic = submit(Tier.BASIC, 1, 0);
        report(basic, Phase.RUNNING, false);
        String other = submit(Tier.PREMIUM, 1, 0);
        report(other, Phase.RUNNING, false);

        submit(Tier.STANDARD, 2, 0);
        assertThat(state(basic)).isEqualTo(WorkloadState.RUNNING);
        // So long at least it may run before it is suspended for others.
        now += 30_000;
        end(other);
        String gang = "job-3";

        assertThat(state(basic)).isEqualTo(WorkloadState.SUSPENDING);
        assertThat(claims(gang)).containsExactly("n1", "n1");
        report(basic, Phase.SUSPENDED, true);
        assertThat(states(gang)).containsOnly(WorkloadState.STARTING);
    }

    @Test
    void makesRoomAsAWholeAndIsSuspendedOnce() {
        join("n1", 1);
        join("n2", 1);
        String gang = running(Tier.BASIC, 2, 0);

        String premium = submit(Tier.PREMIUM, 1, 0);

        assertThat(states(gang)).containsOnly(WorkloadState.SUSPENDING);
        members(gang).forEach(member -> report(member, Phase.SUSPENDED, true));
        assertThat(states(gang)).containsOnly(WorkloadState.QUEUED);
        assertThat(view(gang).image()).isNotNull();
        report(premium, Phase.RUNNING, false);
        end(premium);
        assertThat(states(gang)).containsOnly(WorkloadState.STARTING);
        assertThat(order(gang + ".1").image()).isEqualTo(view(gang + ".1").image());
    }

    @Test
    void aSetOfImagesCountsOnceAllAreThere() {
        join("n1", 1);
        join("n2", 1);
        String gang = running(Tier.STANDARD, 2, 10_000);
        assertThat(order(gang).goal()).isEqualTo(Goal.RUN);
        now = pool.nextTick(now);
        apply(new Command.Tick());
        assertThat(order(gang).goal()).isEqualTo(Goal.CHECKPOINT);

        report(gang, Phase.RUNNING, true);

        assertThat(order(gang).goal()).isEqualTo(Goal.RUN);
        assertThat(view(gang).image()).isNull();
        report(gang + ".1", Phase.RUNNING, true);
        assertThat(view(gang).image()).isNotNull();
        assertThat(view(gang + ".1").image()).isNotNull();
    }

    @Test
    void theLossOfOneTakesAllBackToTheirLastSet() {
        join("n1", 1);
        join("n2", 1);
        String gang = running(Tier.STANDARD, 2, 10_000);
        now = pool.nextTick(now);
        apply(new Command.Tick());
        report(gang, Phase.RUNNING, true);
        report(gang + ".1", Phase.RUNNING, true);
        ImageReference set = view(gang).image();
        now = pool.nextTick(now);
        apply(new Command.Tick());
        report(gang, Phase.RUNNING, true);
        String lost = Objects.requireNonNull(view(gang + ".1").node());

        apply(new Command.Lose(lost, lost));

        assertThat(order(gang).goal()).isEqualTo(Goal.KILL);
        assertThat(state(gang + ".1")).isEqualTo(WorkloadState.QUEUED);
        join("n3", 1);
        assertThat(state(gang + ".1")).isEqualTo(WorkloadState.QUEUED);
        exit(gang, 137);
        assertThat(states(gang)).containsOnly(WorkloadState.STARTING);
        assertThat(order(gang).image()).isEqualTo(set);
        assertThat(order(gang + ".1").image()).isEqualTo(view(gang + ".1").image());
        assertThat(view(gang).problem()).isNull();
    }

    @Test
    void whatIsAskedOfOneIsDoneWithAll() {
        join("n1", 1);
        join("n2", 1);
        String gang = running(Tier.STANDARD, 2, 0);
        apply(new Command.Suspend(gang + ".1"));
        members(gang).forEach(member -> report(member, Phase.SUSPENDED, true));
        assertThat(states(gang)).containsOnly(WorkloadState.HELD);
        assertThat(apply(new Command.Migrate(gang, null)).accepted()).isFalse();

        apply(new Command.Resume(gang));
        assertThat(states(gang)).containsOnly(WorkloadState.STARTING);
        apply(new Command.Cancel(gang + ".1"));

        assertThat(states(gang)).containsOnly(WorkloadState.CANCELLING);
    }

    @Test
    void oneThatFailsEndsAllAndOneThatIsDoneDoesNot() {
        join("n1", 3);
        String gang = running(Tier.STANDARD, 3, 0);
        exit(gang, 0);
        assertThat(state(gang + ".1")).isEqualTo(WorkloadState.RUNNING);

        exit(gang + ".1", 7);

        assertThat(state(gang + ".1")).isEqualTo(WorkloadState.FAILED);
        assertThat(state(gang + ".2")).isEqualTo(WorkloadState.CANCELLING);
        assertThat(state(gang)).isEqualTo(WorkloadState.DONE);
        assertThat(apply(new Command.Resume(gang + ".1")).accepted()).isFalse();
    }

    @Test
    void aSecondSubmissionIsTheFirst() {
        join("n1", 3);
        WorkloadSpec spec = PoolLawsTest.gang(Tier.BASIC, CORE, 3, 3);

        String first = apply(new Command.Submit("same", spec)).text();

        assertThat(apply(new Command.Submit("same", spec)).text()).isEqualTo(first);
        assertThat(pool.workloads()).hasSize(3);
    }

    @Test
    void growsWhereNobodyElseOfItsTierWaitsAndShrinksForWhoDoes() {
        join("n1", 3);
        String gang = submit(Tier.STANDARD, 2, 4, 0);
        members(gang).stream()
                .filter(member -> state(member) == WorkloadState.STARTING)
                .forEach(member -> report(member, Phase.RUNNING, false));
        assertThat(states(gang))
                .containsExactly(
                        WorkloadState.RUNNING, WorkloadState.RUNNING, WorkloadState.RUNNING, WorkloadState.QUEUED);
        assertThat(view(gang + ".3").spec().environment()).containsEntry(WorkloadSpec.SIZE_VARIABLE, "4");
        now += 30_000;

        String other = submit(Tier.STANDARD, 1, 0);

        assertThat(states(gang))
                .containsExactly(
                        WorkloadState.RUNNING, WorkloadState.RUNNING, WorkloadState.SUSPENDING, WorkloadState.QUEUED);
        report(gang + ".2", Phase.SUSPENDED, true);
        assertThat(state(other)).isEqualTo(WorkloadState.STARTING);
        assertThat(pool.why(now, gang + ".2"))
                .anyMatch(sentence -> sentence.startsWith("It is beyond the least number"));
        report(other, Phase.RUNNING, false);
        end(other);
        assertThat(state(gang + ".2")).isEqualTo(WorkloadState.STARTING);
        assertThat(order(gang + ".2").image()).isNotNull();
    }

    @Test
    void allAreToldWhoRunsWhereverTheyAre() {
        join("n1", 1);
        join("n2", 1);
        String gang = submit(Tier.STANDARD, 1, 3, 0);
        assertThat(order(gang).company()).isEqualTo("0");
        report(gang, Phase.RUNNING, false);
        assertThat(order(gang).company()).isEqualTo("0-1");
        report(gang + ".1", Phase.RUNNING, false);
        now += 30_000;
        pool.takeChangedNodes();

        String other = submit(Tier.PREMIUM, 1, 0);

        assertThat(state(gang + ".1")).isEqualTo(WorkloadState.SUSPENDING);
        assertThat(pool.takeChangedNodes()).contains(view(gang).node());
        assertThat(order(gang).company()).isEqualTo("0");
        report(gang + ".1", Phase.SUSPENDED, true);
        pool.takeChangedNodes();
        report(other, Phase.RUNNING, false);
        assertThat(pool.takeChangedNodes()).doesNotContain(view(gang).node());
        end(other);
        assertThat(state(gang + ".1")).isEqualTo(WorkloadState.STARTING);
        assertThat(pool.takeChangedNodes()).contains(view(gang).node());
        assertThat(order(gang).company()).isEqualTo("0-1");
        join("n3", 1);
        assertThat(order(gang + ".2").company()).isEqualTo("0-2");
        report(gang + ".1", Phase.RUNNING, false);
        end(gang + ".1");
        assertThat(order(gang).company()).isEqualTo("0,2");
        assertThat(order(submit(Tier.STANDARD, 1, 0)).company()).isEmpty();
    }

    @Test
    void whatIsBeyondTheLeastStopsWithTheRest() {
        join("n1", 3);
        String gang = submit(Tier.STANDARD, 2, 3, 0);
        members(gang).forEach(member -> report(member, Phase.RUNNING, false));

        apply(new Command.Suspend(gang + ".2"));

        assertThat(states(gang)).containsOnly(WorkloadState.SUSPENDING);
        members(gang).forEach(member -> report(member, Phase.SUSPENDED, true));
        assertThat(states(gang)).containsExactly(WorkloadState.HELD, WorkloadState.HELD, WorkloadState.QUEUED);
        apply(new Command.Resume(gang + ".2"));
        assertThat(states(gang)).containsExactly(WorkloadState.STARTING, WorkloadState.STARTING, WorkloadState.QUEUED);
        report(gang, Phase.RUNNING, false);
        assertThat(state(gang + ".2")).isEqualTo(WorkloadState.STARTING);
        apply(new Command.Cancel(gang));
        assertThat(states(gang)).containsOnly(WorkloadState.CANCELLING);
    }

    /** An image is there before its program has ended, and a beat may come in between. */
    @Test
    void theLastImageOfAMemberIsOfTheSetAlsoIfItWasSeenBeforeItsEnd() {
        join("n1", 2);
        String gang = running(Tier.STANDARD, 2, 0);
        apply(new Command.Suspend(gang));
        for (String member : members(gang)) {
            sequence++;
            ImageReference image = new ImageReference("image " + sequence, sequence, 1, 0);
            report(member, Phase.RUNNING, image, 0);
            assertThat(view(member).image()).isNull();
            report(member, Phase.SUSPENDED, image, 0);
        }

        assertThat(states(gang)).containsOnly(WorkloadState.HELD);
        assertThat(members(gang)).allMatch(member -> view(member).image() != null);
        apply(new Command.Resume(gang));
        assertThat(members(gang)).allMatch(member -> order(member).image() != null);
    }

    /* ---- Helpers ---- */

    private Answer apply(Command command) {
        now++;
        return pool.apply(now, command);
    }

    private void join(String node, int cores) {
        apply(new Command.Join(node, node, new Resources(cores * 1000L, 10_000, 0)));
    }

    private String submit(Tier tier, int members, long checkpointMillis) {
        return submit(tier, members, members, checkpointMillis);
    }

    private String submit(Tier tier, int least, int most, long checkpointMillis) {
        WorkloadSpec spec = new WorkloadSpec(
                        "job", "default", tier, 0, CORE, List.of("java", "Job"), "/", Map.of(), checkpointMillis)
                .toBuilder().gang(most, least).build();
        return apply(new Command.Submit("key" + now, spec)).text();
    }

    private String running(Tier tier, int members, long checkpointMillis) {
        String gang = submit(tier, members, checkpointMillis);
        members(gang).forEach(member -> report(member, Phase.RUNNING, false));
        assertThat(states(gang)).containsOnly(WorkloadState.RUNNING);
        return gang;
    }

    private List<String> members(String gang) {
        return pool.workloads().stream()
                .map(WorkloadView::id)
                .filter(id -> id.equals(gang) || id.startsWith(gang + "."))
                .toList();
    }

    private List<WorkloadState> states(String gang) {
        return members(gang).stream().map(this::state).toList();
    }

    private List<String> claims(String gang) {
        return members(gang).stream()
                .map(member -> String.valueOf(view(member).claim()))
                .toList();
    }

    private WorkloadView view(String id) {
        return Objects.requireNonNull(pool.workload(id));
    }

    private WorkloadState state(String id) {
        return view(id).state();
    }

    private Order order(String id) {
        return pool.orders(Objects.requireNonNull(view(id).node())).stream()
                .filter(order -> order.workload().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private void report(String id, Phase phase, boolean withNewImage) {
        ImageReference image = null;
        if (withNewImage) {
            sequence++;
            image = new ImageReference("image " + sequence, sequence, 1, 0);
        }
        report(id, phase, image, 0);
    }

    private void exit(String id, int exitCode) {
        report(id, Phase.EXITED, null, exitCode);
    }

    private void end(String id) {
        exit(id, 0);
    }

    private void report(String id, Phase phase, @Nullable ImageReference image, int exitCode) {
        String node = Objects.requireNonNull(view(id).node());
        Report report = new Report(id, view(id).epoch(), phase, image, exitCode, 0, 0, null, null);
        apply(new Command.Observe(node, node, List.of(report)));
    }
}
