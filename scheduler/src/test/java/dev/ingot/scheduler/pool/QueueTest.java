package dev.ingot.scheduler.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Iterator;
import java.util.List;
import java.util.NavigableSet;
import org.junit.jupiter.api.Test;

/** Who stands together, so that where one of them finds no room the others need not be looked at. */
class QueueTest {
    private static final Resources CORE = new Resources(1000, 100, 0);

    private final Registry registry = new Registry(Policy.USUAL);

    private Workload submit(String key, int members, int least) {
        return registry.add(0, key, PoolLawsTest.gang(Tier.BASIC, CORE, members, least));
    }

    @Test
    void gangsOfOneSizeStandTogether() {
        Workload first = submit("a", 3, 3);
        Workload second = submit("b", 3, 3);

        assertThat(firsts(registry.queue().kinds())).containsExactly(first);
        assertThat(registry.queue().kinds().get(0)).containsExactly(first, second);
    }

    @Test
    void gangsOfOtherSizesDoNot() {
        Workload first = submit("a", 3, 3);
        Workload second = submit("b", 4, 4);
        Workload third = submit("c", 1, 1);

        assertThat(firsts(registry.queue().kinds())).containsExactlyInAnyOrder(first, second, third);
    }

    @Test
    void aGangForWhichRoomIsKeptStandsByItself() {
        Workload first = submit("a", 2, 2);
        Workload second = submit("b", 2, 2);
        Iterator<Workload> members = second.together().iterator();
        members.next();

        registry.setClaim(members.next(), new Claim("n1", true));

        assertThat(firsts(registry.queue().kinds())).containsExactlyInAnyOrder(first, second);
        assertThat(firsts(registry.queue().kindsBeside(first))).containsExactlyInAnyOrder(first, second);
        registry.setClaim(second.together().get(1), null);
        assertThat(firsts(registry.queue().kinds())).containsExactly(first);
    }

    @Test
    void aGangOfWhichOneMemberHasEndedStandsWithSmallerOnes() {
        Workload first = submit("a", 3, 3);
        Workload second = submit("b", 2, 2);
        Workload member = first.together().get(2);
        registry.addNode("n1").setCapacity(CORE, NodeDevices.UNNAMED);
        registry.start(1, member, 0, "n1", Space.of(CORE));
        registry.to(2, member, WorkloadState.DONE, "for the test");

        assertThat(firsts(registry.queue().kinds())).containsExactly(first);
        assertThat(registry.queue().kinds().get(0)).containsExactly(first, second);
    }

    private static List<Workload> firsts(List<NavigableSet<Workload>> kinds) {
        return kinds.stream().map(NavigableSet::first).toList();
    }
}
