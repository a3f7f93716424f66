package dev.ingot.scheduler.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What becomes of programs that crash and nodes that are lost. Each node has two cores. */
class RepairTest extends PoolScenario {
    @Test
    void aLostNodeIsNotHeardAnyMore() {
        String id = running(Tier.STANDARD, ONE_CORE);
        String node = node(id);
        String incarnation = node.equals("n1") ? "i1" : "i2";
        apply(new Command.Lose(node, incarnation));

        Answer answer = apply(new Command.Observe(node, incarnation, List.of(said(id, 1, Phase.EXITED, null, 0))));

        assertThat(answer.accepted()).isFalse();
        assertThat(state(id)).isEqualTo(WorkloadState.STARTING);
    }

    @Test
    void anOlderEpochIsNotHeardAnyMore() {
        String id = running(Tier.STANDARD, ONE_CORE);
        apply(new Command.Suspend(id));
        report(id, Phase.SUSPENDED);
        apply(new Command.Resume(id));
        assertThat(view(id).epoch()).isEqualTo(2);

        observe(id, said(id, 1, Phase.EXITED, null, 0));

        assertThat(state(id)).isEqualTo(WorkloadState.STARTING);
    }

    @Test
    void whatWasSuspendedOnRequestStaysSoWhenItsNodeIsLost() {
        String id = running(Tier.STANDARD, ONE_CORE);
        apply(new Command.Suspend(id));
        String node = node(id);

        apply(new Command.Lose(node, node.equals("n1") ? "i1" : "i2"));

        assertThat(state(id)).isEqualTo(WorkloadState.HELD);
    }

    /** Fills the other node, so that whoever is lost has nowhere to go. */
    private String aloneOn(String node) {
        String other = node.equals("n1") ? "n2" : "n1";
        apply(new Command.Cordon(other, true));
        return node.equals("n1") ? "i1" : "i2";
    }

    @Test
    void aNodeThatIsHeardAgainGoesOnWithWhatNobodyElseHasGoneOnWith() {
        String id = started();
        image(id, 1, 10);
        String node = node(id);
        String incarnation = aloneOn(node);
        apply(new Command.Lose(node, incarnation));
        assertThat(state(id)).isEqualTo(WorkloadState.QUEUED);

        assertThat(apply(new Command.Return(node, incarnation)).accepted()).isTrue();

        assertThat(state(id)).isEqualTo(WorkloadState.RUNNING);
        assertThat(node(id)).isEqualTo(node);
        assertThat(view(id).epoch()).isEqualTo(1);
        assertThat(order(id).goal()).isEqualTo(Goal.RUN);
        // What it wrote and imaged meanwhile is heard as before.
        image(id, 2, 20);
        assertThat(view(id).image()).isEqualTo(reference(2, 20));
        assertThat(apply(new Command.Return(node, incarnation)).accepted()).isFalse();
    }

    @Test
    void aNodeThatIsHeardAgainHasLostWhatWentOnElsewhere() {
        String id = started();
        String node = node(id);
        String incarnation = node.equals("n1") ? "i1" : "i2";
        apply(new Command.Lose(node, incarnation));
        assertThat(view(id).epoch()).isEqualTo(2);
        assertThat(node(id)).isNotEqualTo(node);

        apply(new Command.Return(node, incarnation));

        assertThat(pool.orders(node)).isEmpty();
        assertThat(view(id).epoch()).isEqualTo(2);
    }

    @Test
    void anotherIncarnationOfALostNodeTakesNothingBack() {
        String id = started();
        String node = node(id);
        String incarnation = aloneOn(node);
        apply(new Command.Lose(node, incarnation));

        assertThat(apply(new Command.Return(node, "i9")).accepted()).isFalse();
        apply(new Command.Join(node, "i9", TWO_CORES));

        assertThat(view(id).epoch()).isEqualTo(2);
        assertThat(apply(new Command.Return(node, incarnation)).accepted()).isFalse();
    }

    @Test
    void whatSomebodySuspendedMeanwhileIsNotTakenBack() {
        String id = started();
        String node = node(id);
        String incarnation = aloneOn(node);
        apply(new Command.Lose(node, incarnation));
        apply(new Command.Suspend(id));

        apply(new Command.Return(node, incarnation));

        assertThat(state(id)).isEqualTo(WorkloadState.HELD);
        assertThat(pool.orders(node)).isEmpty();
    }

    @Test
    void whoWasBeingSuspendedIsNotTakenBack() {
        String id = started();
        String node = node(id);
        String incarnation = aloneOn(node);
        apply(new Command.Drain(node));
        assertThat(state(id)).isEqualTo(WorkloadState.SUSPENDING);
        apply(new Command.Lose(node, incarnation));

        apply(new Command.Return(node, incarnation));

        assertThat(state(id)).isEqualTo(WorkloadState.QUEUED);
        assertThat(pool.orders(node)).isEmpty();
    }

    @Test
    void givesUpAProgramThatCrashesAgainAndAgain() {
        String id = started();

        for (int crash = 0; crash <= Policy.USUAL.mostFailures(); crash++) {
            observe(id, said(id, view(id).epoch(), Phase.EXITED, null, 139));
            now += 60_000;
            apply(new Command.Tick());
        }

        assertThat(state(id)).isEqualTo(WorkloadState.FAILED);
        assertThat(view(id).problem()).isEqualTo("ended by signal 11");
    }

    @Test
    void whoCrashesAgainAndAgainGoesBackToAnEarlierImageAndIsThenHeld() {
        String id = started();
        image(id, 1, 10);
        image(id, 2, 20);
        crash(id, 139);
        assertThat(order(id).image()).isEqualTo(reference(2, 20));
        start(id);
        // Taken between two crashes, so it may hold what it crashes of.
        image(id, 3, 5);
        for (int crash = 2; crash <= Policy.USUAL.mostFailures(); crash++) {
            crash(id, 139);
            assertThat(order(id).image()).isEqualTo(reference(3, 5));
            assertThat(order(id).kept()).containsExactly("image 1", "image 3");
        }

        crash(id, 139);
        assertThat(order(id).image()).isEqualTo(reference(1, 10));
        assertThat(view(id).output()).containsExactly(new OutputPart(1, 10));
        assertThat(reasons(id)).contains("ended by signal 11 4 times in a row; goes back to image image 1");
        for (int crash = 1; crash <= Policy.USUAL.mostFailures() + 1; crash++) {
            crash(id, 139);
        }

        assertThat(state(id)).isEqualTo(WorkloadState.HELD);
        assertThat(reasons(id))
                .contains("ended by signal 11 4 times in a row, and before that from a newer image; held until"
                        + " 'ingot pool resume " + id + "' or 'ingot cancel " + id + "'");
        assertThat(pool.why(now, id))
                .anyMatch(why -> why.startsWith("It crashed again and again (ended by signal 11)."));
        apply(new Command.Resume(id));
        assertThat(order(id).image()).isEqualTo(reference(1, 10));
    }

    @Test
    void whoRanWellInBetweenMayCrashAsOftenAsBefore() {
        String id = started();
        image(id, 1, 10);
        for (int crash = 1; crash <= 20; crash++) {
            crash(id, 139);
            start(id);
            now += Policy.USUAL.steadyMillis();
            image(id, 1 + crash, 10);
        }

        assertThat(state(id)).isEqualTo(WorkloadState.RUNNING);
        assertThat(reasons(id)).noneMatch(reason -> reason.contains("goes back"));
    }

    @Test
    void whoIsKilledFromOutsideGoesOnAsLongAsItTakesImages() {
        String id = started();
        for (int crash = 1; crash <= 20; crash++) {
            image(id, crash, 10);
            crash(id, 137);
            start(id);
        }

        assertThat(state(id)).isEqualTo(WorkloadState.RUNNING);
        assertThat(reasons(id)).noneMatch(reason -> reason.contains("goes back"));
    }

    @Test
    void whatCouldNotBeStartedIsTriedElsewhere() {
        String id = running(Tier.STANDARD, ONE_CORE);
        image(id, 1, 10);
        String first = node(id);

        crash(id, Report.NOT_RESUMED);

        assertThat(node(id)).isNotEqualTo(first);
        assertThat(reasons(id)).contains("could not go on from its image: no such file");
        assertThat(state(id)).isEqualTo(WorkloadState.STARTING);
    }

    @Test
    void whatNoNodeCanStartFails() {
        String id = submit(Tier.STANDARD, ONE_CORE);

        for (int crash = 0; crash <= Policy.USUAL.mostFailures(); crash++) {
            crash(id, Report.NOT_STARTED);
        }

        assertThat(state(id)).isEqualTo(WorkloadState.FAILED);
        assertThat(view(id).problem()).isEqualTo("could not be started: no such file");
    }

    @Test
    void aNodeOnWhichSeveralProgramsFailTakesNoWorkloadsForAWhile() {
        for (String program : List.of("a", "b", "c")) {
            apply(new Command.Cordon("n2", true));
            String id = submit(program);
            assertThat(node(id)).isEqualTo("n1");
            apply(new Command.Cordon("n2", false));
            observe(id, said(id, 1, Phase.EXITED, null, 139));
            assertThat(node(id)).isEqualTo("n2");
            apply(new Command.Cancel(id));
            observe(id, said(id, 2, Phase.EXITED, null, 137));
        }

        List<String> suspects = pool.nodes().stream()
                .filter(node -> node.quarantinedUntil() > 0)
                .map(NodeView::name)
                .toList();
        assertThat(suspects).containsExactly("n1");
        assertThat(events())
                .anyMatch(event -> event.contains("takes no new workloads for 10 minutes: 3 programs failed"
                        + " on it within ten minutes: a, b, c"));
        String next = submit(Tier.BASIC, ONE_CORE);
        assertThat(node(next)).isNotEqualTo(suspects.get(0));
        now = pool.nextTick(now);
        assertThat(Objects.requireNonNull(pool.node("n1")).quarantinedUntil()).isEqualTo(now);
        apply(new Command.Tick());
        assertThat(pool.nodes()).allMatch(node -> node.quarantinedUntil() == 0);
    }

    @Test
    void aNodeThatIsLostAgainAndAgainTakesNoWorkloadsUntilAUserSaysSo() {
        for (int loss = 1; loss <= 3; loss++) {
            apply(new Command.Lose("n1", "i" + loss));
            apply(new Command.Join("n1", "i" + (loss + 1), TWO_CORES));
        }
        assertThat(Objects.requireNonNull(pool.node("n1")).quarantinedUntil()).isPositive();
        assertThat(node(submit(Tier.BASIC, TWO_CORES))).isEqualTo("n2");
        String waiting = submit(Tier.BASIC, TWO_CORES);
        assertThat(pool.why(now, waiting)).anyMatch(why -> why.startsWith("Node n1 takes no workloads for now"));

        apply(new Command.Cordon("n1", false));

        assertThat(node(waiting)).isEqualTo("n1");
    }

    @Test
    void theLastNodesAreNotKeptAwayFromWorkloads() {
        for (String node : List.of("n1", "n2")) {
            for (int loss = 1; loss <= 3; loss++) {
                String incarnation = Objects.requireNonNull(pool.node(node)).incarnation();
                apply(new Command.Lose(node, incarnation));
                apply(new Command.Join(node, incarnation + "+", TWO_CORES));
            }
        }

        assertThat(pool.nodes().stream().filter(node -> node.quarantinedUntil() > 0))
                .hasSize(1);
    }
}
