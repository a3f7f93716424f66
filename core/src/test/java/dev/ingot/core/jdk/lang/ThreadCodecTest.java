package dev.ingot.core.jdk.lang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ingot.core.jdk.RoundTrip;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Exchanger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

@Timeout(600)
final class ThreadCodecTest {

    @Test
    void keepsWhatANewThreadWasGiven() throws Exception {
        ClassLoader loader = new ClassLoader("of-thread", null) {};
        Thread.UncaughtExceptionHandler handler = (thread, thrown) -> {};
        ThreadGroup group = new ThreadGroup("crew");
        Thread original = new Thread(group, () -> {}, "worker", 1 << 20);
        original.setPriority(7);
        original.setDaemon(true);
        original.setContextClassLoader(loader);
        original.setUncaughtExceptionHandler(handler);

        Thread restored = RoundTrip.restored(original);

        assertThat(restored.getName()).isEqualTo("worker");
        assertThat(restored.getPriority()).isEqualTo(7);
        assertThat(restored.isDaemon()).isTrue();
        assertThat(restored.getThreadGroup()).isSameAs(group);
        assertThat(restored.getContextClassLoader()).isSameAs(loader);
        assertThat(restored.getUncaughtExceptionHandler()).isSameAs(handler);
        assertThat(restored.getId()).isEqualTo(original.getId());
        assertThat(restored.getState()).isEqualTo(Thread.State.NEW);
    }

    @Test
    void runsTheTaskOfARestoredThread() throws Exception {
        CountDownLatch ran = new CountDownLatch(1);
        Thread restored = RoundTrip.restored(new Thread(ran::countDown));

        restored.start();
        ran.await();
        restored.join();

        assertThat(restored.getState()).isEqualTo(Thread.State.TERMINATED);
    }

    @Test
    void startsAgainWhatWasAlive() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch started = new CountDownLatch(1);
        Thread original = new Thread(() -> {
            started.countDown();
            awaitQuietly(release);
        });
        original.start();
        started.await();

        Thread restored = RoundTrip.restored(original);

        assertThat(restored.getState()).isEqualTo(Thread.State.NEW);
        restored.start();
        release.countDown();
        restored.join();
        original.join();
    }

    @Test
    void givesEachLiveThreadAnIdOfItsOwnAndShowsTheOldOneAfterwards() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Thread original = new Thread(() -> awaitQuietly(release));
        original.start();

        Thread restored = RoundTrip.restored(original);

        assertThat(restored.getId()).isNotEqualTo(original.getId());
        restored.start();
        ThreadIds.settle(restored);
        assertThat(restored.getId()).isEqualTo(original.getId());
        release.countDown();
        restored.join();
        original.join();
    }

    @Test
    void keepsAnEndedThreadEnded() throws Exception {
        Thread original = new Thread(() -> {});
        original.start();
        original.join();

        Thread restored = RoundTrip.restored(original);

        assertThat(restored.getState()).isEqualTo(Thread.State.TERMINATED);
        assertThat(restored.isAlive()).isFalse();
        restored.join();
        assertThatExceptionOfType(IllegalThreadStateException.class).isThrownBy(restored::start);
    }

    @Test
    void keepsLocalsAndHandsOnInheritableOnes() throws Exception {
        ThreadLocal<String> local = new ThreadLocal<>();
        InheritableThreadLocal<String> inheritable = new InheritableThreadLocal<>();
        Exchanger<String> exchanger = new Exchanger<>();
        CountDownLatch captured = new CountDownLatch(1);
        AtomicReference<String> ofChild = new AtomicReference<>();
        Runnable body = () -> {
            if (local.get() == null) {
                local.set("own");
                inheritable.set("handed on");
                exchangeQuietly(exchanger, "ready");
                awaitQuietly(captured);
            } else {
                Thread child = new Thread(() -> ofChild.set(inheritable.get()));
                child.start();
                joinQuietly(child);
                exchangeQuietly(exchanger, local.get());
            }
        };
        Thread original = new Thread(body);
        original.start();
        exchanger.exchange("go");

        Thread restored = RoundTrip.restored(original);
        captured.countDown();
        original.join();
        restored.start();

        assertThat(exchanger.exchange("")).isEqualTo("own");
        assertThat(ofChild).hasValue("handed on");
        restored.join();
    }

    @Test
    void leavesOutBuffersTheJdkCachesPerThread() throws Exception {
        AtomicReference<Object[]> pairs = new AtomicReference<>();
        Thread original = new Thread(() -> {
            readSomething();
            new ThreadLocal<String>().set("own");
            pairs.set(ThreadLocals.pairs(ThreadFields.LOCALS.get(Thread.currentThread())));
        });
        original.start();
        original.join();

        assertThat(pairs.get())
                .contains("own")
                .noneMatch(part -> part.getClass().getName().startsWith("sun.nio.ch.Util"));
    }

    @Test
    void keepsTheInterruptStatus() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        AtomicReference<Boolean> seen = new AtomicReference<>();
        Thread original = new Thread(() -> {
            if (Thread.currentThread().isInterrupted()) {
                seen.set(true);
            } else {
                Thread.currentThread().interrupt();
                interrupted.countDown();
                while (done.getCount() > 0) {
                    Thread.onSpinWait();
                }
            }
        });
        original.start();
        interrupted.await();

        Thread restored = RoundTrip.restored(original);
        done.countDown();
        original.join();
        restored.start();
        restored.join();

        assertThat(seen).hasValue(true);
    }

    @Test
    void keepsFieldsOfSubclasses() throws Exception {
        Counting restored = RoundTrip.restored(new Counting(41));

        restored.start();
        restored.join();

        assertThat(restored.count).isEqualTo(42);
    }

    @Test
    void appliesTheStateToALiveThread() throws Exception {
        ThreadLocal<String> local = new ThreadLocal<>();
        ThreadLocal<String> kept = new ThreadLocal<>();
        AtomicReference<String> result = new AtomicReference<>();
        Object[][] state = new Object[1][];
        Thread source = new Thread(
                () -> {
                    local.set("from the image");
                    state[0] = captureQuietly(Thread.currentThread());
                },
                "first");
        source.setPriority(3);
        source.start();
        source.join();
        Thread target = new Thread(() -> {
            kept.set("own");
            ThreadState.applyTo(Thread.currentThread(), state[0]);
            result.set(local.get() + ", " + kept.get() + ", "
                    + Thread.currentThread().getPriority());
        });
        target.start();
        target.join();

        assertThat(target.getName()).isEqualTo("first");
        assertThat(result).hasValue("from the image, own, 3");
    }

    @Test
    void raisesTheCounterOfIds() {
        long floor = ThreadIds.next() + 1000;

        ThreadIds.raise(floor);

        assertThat(new Thread(() -> {}).getId()).isGreaterThanOrEqualTo(floor);
        assertThat(ThreadIds.next()).isGreaterThan(floor);
    }

    /** Before JDK 19 ids are not counted outside the heap, and nobody stands aside. */
    @Test
    @EnabledForJreRange(min = JRE.JAVA_19)
    void countsOnWhereTheImageDidAfterItStoodAside() {
        long floor = ThreadIds.next() + 1000;

        ThreadIds.stepAside();
        long meanwhile = new Thread(() -> {}).getId();
        ThreadIds.raise(floor);

        assertThat(meanwhile).isGreaterThan(1L << 40);
        assertThat(new Thread(() -> {}).getId()).isGreaterThanOrEqualTo(floor).isLessThan(floor + 1000);
    }

    private static void readSomething() {
        try (var channel = java.nio.channels.FileChannel.open(java.nio.file.Path.of("/proc/self/stat"))) {
            assertThat(channel.read(java.nio.ByteBuffer.allocate(16))).isPositive();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Object[] captureQuietly(Thread thread) {
        try {
            return ThreadState.of(thread);
        } catch (dev.ingot.core.heap.NotCapturableException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void joinQuietly(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void exchangeQuietly(Exchanger<String> exchanger, String value) {
        try {
            exchanger.exchange(value);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static final class Counting extends Thread {
        private int count;

        Counting(int count) {
            this.count = count;
        }

        @Override
        public void run() {
            count++;
        }
    }
}
