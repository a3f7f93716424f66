package dev.ingot.scheduler.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class OrderWatchTest {
    private final OrderWatch watch = new OrderWatch();

    @Test
    void whoWaitsIsToldOfTheNextChangeOfItsOrdersAlone() {
        CompletableFuture<Long> mine = watch.next("n1", 0);
        CompletableFuture<Long> others = watch.next("n2", 0);

        watch.changed(Set.of("n1"));

        assertThat(mine).isCompletedWithValue(1L);
        assertThat(others.join()).isZero();
    }

    @Test
    void whoHasMissedAChangeIsToldAtOnce() {
        watch.changed(Set.of("n1"));

        assertThat(watch.next("n1", 0)).isCompletedWithValue(1L);
        // A control process before this one said that.
        assertThat(watch.next("n1", 17)).isCompletedWithValue(1L);
        assertThat(watch.next("n1", 1)).isNotCompleted();
    }
}
