package dev.ingot.core.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ingot.core.jvm.Memory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HandOverTest {
    private static final ThreadFactory DAEMONS = task -> {
        Thread thread = new Thread(task, "hand-over");
        thread.setDaemon(true);
        return thread;
    };
    private static final int MEGABYTE = 1 << 20;

    @Test
    void passesOnEverythingInOrder() throws Exception {
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        byte[] bytes = bytes(5 * MEGABYTE + 3);
        try (HandOver handOver = HandOver.to(target, MEGABYTE, DAEMONS)) {
            handOver.prepare(3 * MEGABYTE);
            Random random = new Random(2);
            try (OutputStream input = handOver.input()) {
                int from = 0;
                while (from < bytes.length) {
                    int part = Math.min(bytes.length - from, random.nextInt(700_000));
                    input.write(bytes, from, part);
                    from += part;
                }
                input.write(77);
            }
            handOver.finish();
        }

        assertThat(target.size()).isEqualTo(bytes.length + 1);
        assertThat(target.toByteArray()).startsWith(bytes).endsWith(77);
    }

    @Test
    void takesElementsFromWhereTheyLie() throws Exception {
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        long[] numbers = new Random(3).longs(MEGABYTE / 4).toArray();
        try (HandOver handOver = HandOver.to(target, MEGABYTE, DAEMONS)) {
            try (ElementOutput input = handOver.input()) {
                input.write(1);
                input.writeElements(
                        numbers, Memory.arrayBase(long[].class) + Long.BYTES, 8L * numbers.length - Long.BYTES);
                assertThat(handOver.written()).isEqualTo(8L * numbers.length - Long.BYTES + 1);
            }
            handOver.finish();
        }

        ByteBuffer bytes = ByteBuffer.wrap(target.toByteArray()).order(ByteOrder.nativeOrder());
        assertThat(bytes.get()).isEqualTo((byte) 1);
        for (int index = 1; index < numbers.length; index++) {
            assertThat(bytes.getLong()).isEqualTo(numbers[index]);
        }
    }

    @Test
    void letsTheWriterGoOnWhileTheTargetTakesItsTime() throws Exception {
        SlowTarget target = new SlowTarget();
        try (HandOver handOver = HandOver.to(target, 8 * MEGABYTE, DAEMONS)) {
            try (OutputStream input = handOver.input()) {
                input.write(bytes(7 * MEGABYTE));
            }
            assertThat(target.taken.get()).isZero();

            target.mayTake.countDown();
            handOver.finish();

            assertThat(target.taken.get()).isEqualTo(7 * MEGABYTE);
        }
    }

    @Test
    void keepsTheWriterWaitingAtTheBound() throws Exception {
        SlowTarget target = new SlowTarget();
        AtomicLong written = new AtomicLong();
        try (HandOver handOver = HandOver.to(target, 2 * MEGABYTE, DAEMONS)) {
            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
                byte[] piece = bytes(MEGABYTE / 4);
                try (OutputStream input = handOver.input()) {
                    for (int i = 0; i < 40; i++) {
                        input.write(piece);
                        written.addAndGet(piece.length);
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            await().atMost(Duration.ofMinutes(2))
                    .untilAsserted(() -> assertThat(written.get()).isEqualTo(2 * MEGABYTE));
            assertThat(writer).isNotDone();

            target.mayTake.countDown();
            writer.join();
            handOver.finish();

            assertThat(target.taken.get()).isEqualTo(10 * MEGABYTE);
        }
    }

    @Test
    void tellsBothSidesWhatTheTargetThrew() {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException("no space");
            }
        };
        try (HandOver handOver = HandOver.to(broken, MEGABYTE, DAEMONS)) {
            OutputStream input = handOver.input();

            assertThatThrownBy(() -> input.write(bytes(5 * MEGABYTE))).hasMessage("no space");
            assertThatThrownBy(handOver::finish).hasMessage("no space");
        }
    }

    @Test
    void dropsWhatIsOnTheWayWhenItIsGivenUp() throws Exception {
        SlowTarget target = new SlowTarget();
        HandOver handOver = HandOver.to(target, 8 * MEGABYTE, DAEMONS);
        handOver.input().write(bytes(4 * MEGABYTE));
        CompletableFuture<Void> closing = CompletableFuture.runAsync(handOver::close);
        target.mayTake.countDown();

        closing.join();

        assertThat(target.taken.get()).isLessThan(4 * MEGABYTE);
        assertThatThrownBy(() -> handOver.input().write(bytes(4 * MEGABYTE))).isInstanceOf(IOException.class);
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    private static final class SlowTarget extends OutputStream {
        final CountDownLatch mayTake = new CountDownLatch(1);
        final AtomicLong taken = new AtomicLong();

        @Override
        public void write(int value) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                mayTake.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            taken.addAndGet(length);
        }
    }
}
