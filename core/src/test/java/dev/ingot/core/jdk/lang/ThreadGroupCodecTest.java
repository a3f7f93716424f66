package dev.ingot.core.jdk.lang;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.core.jdk.RoundTrip;
import org.junit.jupiter.api.Test;

final class ThreadGroupCodecTest {

    @Test
    void keepsNameAndLimitsAndJoinsItsParent() throws Exception {
        ThreadGroup original = new ThreadGroup("crew");
        original.setMaxPriority(4);

        ThreadGroup restored = RoundTrip.restored(original);

        assertThat(restored.getName()).isEqualTo("crew");
        assertThat(restored.getMaxPriority()).isEqualTo(4);
        assertThat(restored.getParent()).isSameAs(original.getParent());
        ThreadGroup[] siblings = new ThreadGroup[1000];
        int count = original.getParent().enumerate(siblings, false);
        assertThat(java.util.Arrays.copyOf(siblings, count)).contains(restored);
    }

    @Test
    void knowsTheThreadsStartedInIt() throws Exception {
        ThreadGroup restored = RoundTrip.restored(new ThreadGroup("crew"));
        Thread member = RoundTrip.restored(
                new Thread(restored, () -> assertThat(restored.activeCount()).isOne()));

        member.start();
        member.join();

        assertThat(restored.activeCount()).isZero();
    }
}
