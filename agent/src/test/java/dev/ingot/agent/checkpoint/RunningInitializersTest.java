package dev.ingot.agent.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.runtime.Pin;
import dev.ingot.runtime.PinReason;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RunningInitializersTest {
    private static final CountDownLatch BEGUN = new CountDownLatch(1);
    private static final CountDownLatch MAY_END = new CountDownLatch(1);

    /** Has an initialiser that takes until it is let go. */
    private static final class Slow {
        private static final int VALUE = slowly();

        private static int slowly() {
            BEGUN.countDown();
            try {
                MAY_END.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return 1;
        }
    }

    @Test
    void oneRunsUntilItHasEnded() throws InterruptedException {
        Thread thread = new Thread(() -> assertThat(Slow.VALUE).isOne(), "slow");
        thread.start();
        BEGUN.await();
        String initializer = Stream.of(thread.getStackTrace())
                .filter(frame -> frame.getMethodName().equals("<clinit>"))
                .findFirst()
                .orElseThrow()
                .toString();

        RunningInitializers initializers = RunningInitializers.among(List.of(
                pin("other", PinReason.NATIVE_FRAME, null), pin("slow", PinReason.STATIC_INITIALIZER, initializer)));

        assertThat(initializers.any()).isTrue();
        assertThat(RunningInitializers.among(List.of(pin("slow", PinReason.CONSTRUCTOR, initializer)))
                        .any())
                .as("whatever pins for another reason may end and come again")
                .isFalse();
        MAY_END.countDown();
        thread.join();
        assertThat(initializers.any()).isFalse();
    }

    private static Pin pin(String thread, PinReason reason, @Nullable String frame) {
        return new Pin(thread, reason, frame, null);
    }
}
