package dev.ingot.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ingot.scheduler.pool.Probe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SelfProbesTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration NEVER = Duration.ofHours(1);

    @TempDir
    Path directory;

    private static ProbeLimits limits(String text) {
        return ProbeLimits.parse(text);
    }

    /* ---- Disk ---- */

    @Test
    void aDiskThatKeepsWhatIsWrittenIsWell() throws IOException {
        assertThat(new DiskProbe(directory, limits("room=0m"), System::nanoTime).look())
                .isNull();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aDiskWithoutRoomIsFound() throws IOException {
        assertThat(new DiskProbe(directory, limits("room=999999g"), System::nanoTime).look())
                .startsWith("there are ")
                .endsWith(" MiB of room, less than 1023998976");
    }

    @Test
    void aDiskThatKeepsNothingIsFound() throws IOException {
        Files.createDirectory(directory.resolve("probe"));

        assertThat(new DiskProbe(directory, limits("room=0m"), System::nanoTime).look())
                .startsWith("it keeps nothing: ");
    }

    @Test
    void aDiskIsSlowOnlyIfItIsSoTwiceInARow() throws IOException {
        Deque<Long> times = new ArrayDeque<>(List.of(0L, 6L, 10L, 11L, 20L, 26L, 30L, 37L));
        DiskProbe probe = new DiskProbe(directory, limits("room=0m,disk=5s"), () -> times.remove() * 1_000_000_000);

        assertThat(probe.look()).isNull();
        assertThat(probe.look()).isNull();
        assertThat(probe.look()).isNull();
        assertThat(probe.look()).isEqualTo("it took 7000 ms to keep 64 KiB, more than 5000");
    }

    /* ---- Memory ---- */

    private MemoryProbe memory(String meminfo, @Nullable String pressure) throws IOException {
        Files.writeString(directory.resolve("meminfo"), meminfo);
        if (pressure != null) {
            Files.createDirectories(directory.resolve("pressure"));
            Files.writeString(directory.resolve("pressure").resolve("memory"), pressure);
        }
        return new MemoryProbe(directory, limits("memory=100m,stall=50"));
    }

    @Test
    void memoryThatIsAlmostGoneIsFound() throws IOException {
        assertThat(memory("MemTotal: 900000 kB\nMemAvailable:   102400 kB\n", null)
                        .look())
                .isNull();
        assertThat(memory("MemAvailable:   102399 kB\n", null).look()).isEqualTo("99 MiB are available, less than 100");
    }

    @Test
    void aMachineThatOnlyWaitsForMemoryIsFound() throws IOException {
        String some = "some avg10=99.00 avg60=0.00 avg300=0.00 total=0\n";
        String plenty = "MemAvailable:   9999999 kB\n";
        assertThat(memory(plenty, some + "full avg10=50.99 avg60=0.00 avg300=0.00 total=0\n")
                        .look())
                .isNull();
        assertThat(memory(plenty, some + "full avg10=51.00 avg60=0.00 avg300=0.00 total=0\n")
                        .look())
                .isEqualTo("everybody waits for memory in 51 % of the time, more than 50");
    }

    /* ---- Clock ---- */

    private static final class Clocks implements ClockProbe.Now {
        long wall = 1_000_000;
        long nanos;

        void pass(long millis) {
            wall += millis;
            nanos += millis * 1_000_000;
        }

        @Override
        public long wallMillis() {
            return wall;
        }

        @Override
        public long nanos() {
            return nanos;
        }
    }

    @Test
    void aClockIsOffByNoMoreThanHowLongAnAnswerTakes() throws IOException {
        Clocks clocks = new Clocks();
        ClockProbe probe = new ClockProbe(clocks, limits("clock=5s"));
        long sent = clocks.wall;
        clocks.pass(60_000);
        probe.answered(sent, sent + 64_000);
        assertThat(probe.look()).isNull();
        probe.answered(sent, sent + 65_001);
        assertThat(probe.look()).isEqualTo("it is 5001 ms behind the control process's");
        probe.answered(sent, sent - 5_001);
        assertThat(probe.look()).isEqualTo("it is 5001 ms ahead of the control process's");
        probe.answered(sent, sent - 5_000);
        assertThat(probe.look()).isNull();
    }

    @Test
    void aClockThatJumpsIsFoundOnce() throws IOException {
        Clocks clocks = new Clocks();
        ClockProbe probe = new ClockProbe(clocks, limits("clock=5s"));
        probe.answered(clocks.wall, clocks.wall);
        assertThat(probe.look()).isNull();
        clocks.pass(3_600_000);
        assertThat(probe.look()).isNull();
        clocks.wall -= 6_000;
        assertThat(probe.look()).isEqualTo("it jumped by -6000 ms");
        clocks.pass(10_000);
        assertThat(probe.look()).isNull();
    }

    /* ---- Speed ---- */

    private static SpeedProbe speed(Deque<Long> trials) {
        return new SpeedProbe(() -> trials.size() > 1 ? trials.remove() : trials.element(), limits("speed=3"));
    }

    @Test
    void aProcessorIsSlowBesideItsOwnPastByTheLeastOfSeveral() throws IOException {
        Deque<Long> trials = new ArrayDeque<>(List.of(1000L));
        SpeedProbe probe = speed(trials);
        assertThat(probe.look()).isNull();
        trials.addAll(List.of(9000L, 3000L, 9000L, 9000L, 9000L));
        trials.remove();
        assertThat(probe.look()).isNull();
        trials.addAll(List.of(3001L, 9000L, 9000L, 9000L, 9000L));
        trials.remove();

        assertThat(probe.look()).isEqualTo("a little work takes 3 µs, and took 1 at best");
    }

    @Test
    void aProcessorIsSlowBesideOthers() throws IOException {
        SpeedProbe probe = speed(new ArrayDeque<>(List.of(9001L)));
        assertThat(probe.look()).isNull();
        assertThat(probe.takeNews()).isEqualTo(9001);
        assertThat(probe.takeNews()).isZero();
        probe.others(3000);

        assertThat(probe.look()).isEqualTo("a little work takes 9 µs, and 3 on half of the nodes");
    }

    @Test
    void theWorkIsMeasured() {
        assertThat(SpeedWork.run()).isPositive();
    }

    /* ---- All of them ---- */

    private static SelfProbe probe(Probe kind, CountDownLatch until, @Nullable String result) {
        return new SelfProbe() {
            @Override
            public Probe kind() {
                return kind;
            }

            @Override
            public @Nullable String look() {
                try {
                    until.await();
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                }
                return result;
            }
        };
    }

    @Test
    void oneThatHangsIsFoundAndTheOthersGoOn() {
        CountDownLatch hung = new CountDownLatch(1);
        SelfProbe disk = probe(Probe.DISK, hung, null);
        SelfProbe memory = probe(Probe.MEMORY, new CountDownLatch(0), "little");
        try (SelfProbes probes =
                new SelfProbes(List.of(disk, memory), Duration.ofMillis(1), kind -> Duration.ofMillis(2), text -> {})) {
            probes.start();

            await().atMost(LIMIT)
                    .until(() -> probes.findings()
                            .equals(Map.of(
                                    Probe.DISK, "nothing is known since 2 ms: it hangs", Probe.MEMORY, "little")));
            hung.countDown();
            await().atMost(LIMIT).until(() -> probes.findings().keySet().equals(Set.of(Probe.MEMORY)));
        }
    }

    @Test
    void oneThatCannotLookSaysSoOnceAndFindsNothing() {
        List<String> said = new CopyOnWriteArrayList<>();
        AtomicInteger looks = new AtomicInteger();
        SelfProbe broken = new SelfProbe() {
            @Override
            public Probe kind() {
                return Probe.SPEED;
            }

            @Override
            public @Nullable String look() throws IOException {
                looks.incrementAndGet();
                throw new IOException("no such thing");
            }
        };
        try (SelfProbes probes = new SelfProbes(List.of(broken), Duration.ofMillis(1), kind -> NEVER, said::add)) {
            probes.start();
            await().atMost(LIMIT).until(() -> looks.get() > 2);

            assertThat(said).containsExactly("probe 'speed' cannot be run: no such thing");
            assertThat(probes.findings()).isEmpty();
        }
    }

    /* ---- Limits ---- */

    @Test
    void limitsAreReadFromWhatTheySay() {
        ProbeLimits some = limits("every=100ms,disk=1s,room=2g,memory=3m,stall=4,clock=5s,speed=6");
        assertThat(ProbeLimits.parse(some.text())).isEqualTo(some);
        assertThat(limits("speed=9"))
                .isEqualTo(ProbeLimits.parse(ProbeLimits.USUAL.text().replace("speed=4", "speed=9")));
        ProbeLimits large = limits("every=24h,disk=1d,room=999999g,memory=999999m,stall=9999,clock=1440m,speed=9999");
        assertThat(ProbeLimits.parse(large.text())).isEqualTo(large);
        assertThat(limits("none").period()).isZero();
        assertThat(ProbeLimits.parse(limits("none").text())).isEqualTo(limits("none"));
    }

    @Test
    void aDiskThatMustBeFastHurriesNoOtherProbe() {
        ProbeLimits fast = limits("disk=100ms");
        assertThat(fast.patience(Probe.DISK)).isEqualTo(Duration.ofMillis(200));
        assertThat(fast.patience(Probe.SPEED)).isEqualTo(Duration.ofSeconds(10));
        assertThat(limits("disk=1m").patience(Probe.SPEED)).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void allThatIsWrongWithLimitsIsSaidAtOnce() {
        assertThatThrownBy(() -> limits("every=25h,disk=fast,heat=9,speed=0,room=1g,room=2g"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("every: '25h' is more than a day")
                .hasMessageContaining("disk: 'fast' is no duration")
                .hasMessageContaining("'heat=9' is none of")
                .hasMessageContaining("speed: '0' is no number")
                .hasMessageContaining("'room' is there twice");
    }
}
