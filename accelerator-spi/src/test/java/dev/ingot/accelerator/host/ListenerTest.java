package dev.ingot.accelerator.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

class ListenerTest {
    private static final long AWAKE_MICROS = 50;
    private static final long LONG_MICROS = 1000;

    private final Pipe pipe = new Pipe();
    private final Listener listener = new Listener(pipe, () -> pipe.nanos);

    /** A pipe whose next byte comes some time after it is first asked for, and whose reader sees time pass by asking. */
    private static final class Pipe extends InputStream {
        private long nanos;
        private long missing;
        private int asked;
        private boolean isOver;

        void sendAfter(long micros) {
            missing = 1000 * micros;
            asked = 0;
        }

        @Override
        public int available() {
            asked++;
            nanos += 1000;
            missing -= 1000;
            return missing <= 0 && !isOver ? 1 : 0;
        }

        @Override
        public int read() {
            nanos += Math.max(0, missing);
            return isOver ? -1 : 'x';
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            throw new UnsupportedOperationException("a listener reads one byte at a time");
        }
    }

    private boolean staysAwake(long micros) throws IOException {
        pipe.sendAfter(micros);
        assertThat(listener.read()).isEqualTo('x');
        return pipe.asked > 0;
    }

    @Test
    void whatComesSoonIsWaitedForAwake() throws IOException {
        for (int i = 0; i < 10; i++) {
            assertThat(staysAwake(AWAKE_MICROS / 2)).isTrue();
        }
    }

    @Test
    void nobodyIsAwakeForLong() throws IOException {
        assertThat(staysAwake(LONG_MICROS)).isTrue();
        assertThat(pipe.asked).isLessThanOrEqualTo((int) AWAKE_MICROS);
        for (int i = 0; i < 10; i++) {
            assertThat(staysAwake(LONG_MICROS)).isFalse();
        }
    }

    @Test
    void aShortWaitAfterLongOnesIsFollowedByOneAwake() throws IOException {
        staysAwake(LONG_MICROS);
        staysAwake(LONG_MICROS);

        assertThat(staysAwake(1)).isFalse();
        assertThat(staysAwake(1)).isTrue();
    }

    @Test
    void whereItIsInVainItIsDoneLessAndLess() throws IOException {
        int awake = 0;
        for (int i = 0; i < 10_000; i++) {
            awake += staysAwake(2 * AWAKE_MICROS) ? 1 : 0;
        }

        assertThat(awake).isBetween(10, 25);
    }

    @Test
    void whereItIsOfUseAgainItIsDoneAgain() throws IOException {
        for (int i = 0; i < 10_000; i++) {
            staysAwake(2 * AWAKE_MICROS);
        }
        int awake = 0;
        for (int i = 0; i < 2000; i++) {
            awake += staysAwake(1) ? 1 : 0;
        }

        assertThat(awake).isGreaterThan(900);
    }

    @Test
    void whoWorkedForLongSleepsAtOnce() throws IOException {
        listener.worked(1000 * LONG_MICROS);

        assertThat(staysAwake(1)).isFalse();
        assertThat(staysAwake(1)).isTrue();
    }

    @Test
    void theEndIsSeen() throws IOException {
        pipe.isOver = true;

        assertThat(listener.read()).isEqualTo(-1);
    }
}
