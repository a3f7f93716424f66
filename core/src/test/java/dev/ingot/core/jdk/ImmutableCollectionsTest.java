package dev.ingot.core.jdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.core.heap.NotRestorableException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ImmutableCollectionsTest {
    private static final Set<Integer> NUMBERS = Set.of(3, 1, 4, 15, 9, 26, 5);
    private static final int DIRECTION_OF_SET = 2;
    private static final int DIRECTION_OF_ITERATOR = 3;
    private static final int REMAINING = 1;

    @Test
    void keepsTheOrderOfTwoElementsInTheOtherDirection() throws Exception {
        Set<String> set = Set.of("a", "b");
        Object[] state = RoundTrip.captured(set);
        state[DIRECTION_OF_SET] = !(Boolean) state[DIRECTION_OF_SET];

        Set<String> turned = RoundTrip.restored(set, state);

        assertThat(turned).hasSize(2).containsExactlyInAnyOrder("a", "b");
        assertThat(new ArrayList<>(turned)).isNotEqualTo(new ArrayList<>(set));
        assertThat(new ArrayList<>(RoundTrip.restored(set))).isEqualTo(new ArrayList<>(set));
        assertThat(RoundTrip.restored(Set.of("one"))).containsExactly("one");
    }

    @Test
    void goesOnInTheSameDirectionWhereItWas() throws Exception {
        Iterator<Integer> iterator = NUMBERS.iterator();
        take(iterator, 3);

        List<Integer> rest = take(RoundTrip.restored(iterator), NUMBERS.size() - 3);

        assertThat(rest).isEqualTo(new ArrayList<>(NUMBERS).subList(3, NUMBERS.size()));
    }

    @Test
    void meetsWhatRemainsOfASetInTheOtherDirection() throws Exception {
        checkTurned(NUMBERS);
    }

    @Test
    void meetsWhatRemainsOfAMapInTheOtherDirection() throws Exception {
        checkTurned(Map.of("a", 1, "b", 2, "c", 3, "d", 4).entrySet());
    }

    /** An iterator of the other direction that stands at element {@code at} has those before it to meet. */
    private static <T> void checkTurned(Set<T> set) throws Exception {
        List<T> order = new ArrayList<>(set);
        for (int at = 0; at < order.size(); at++) {
            for (int remaining = 0; remaining < order.size(); remaining++) {
                Iterator<T> iterator = set.iterator();
                take(iterator, at + 1);
                List<T> expected = new ArrayList<>();
                for (int back = 1; back <= remaining; back++) {
                    expected.add(order.get(Math.floorMod(at - back, order.size())));
                }

                Iterator<T> turned = turned(iterator, remaining);

                assertThat(take(turned, remaining)).containsExactlyInAnyOrderElementsOf(expected);
                assertThat(turned.hasNext()).isFalse();
            }
        }
    }

    @Test
    void refusesMoreRemainingElementsThanThereAre() throws Exception {
        Iterator<Integer> iterator = Set.of(1, 2, 3).iterator();
        Object[] state = RoundTrip.captured(iterator);
        state[REMAINING] = 1000;
        state[DIRECTION_OF_ITERATOR] = !(Boolean) state[DIRECTION_OF_ITERATOR];

        assertThatThrownBy(() -> RoundTrip.restored(iterator, state))
                .isInstanceOf(NotRestorableException.class)
                .hasMessageContaining("1000");
    }

    private static <T> Iterator<T> turned(Iterator<T> iterator, int remaining) throws Exception {
        Object[] state = RoundTrip.captured(iterator);
        state[REMAINING] = remaining;
        state[DIRECTION_OF_ITERATOR] = !(Boolean) state[DIRECTION_OF_ITERATOR];
        return RoundTrip.restored(iterator, state);
    }

    private static <T> List<T> take(Iterator<T> iterator, int count) {
        List<T> taken = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            taken.add(iterator.next());
        }
        return taken;
    }
}
