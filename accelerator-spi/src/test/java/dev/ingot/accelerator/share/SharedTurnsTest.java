package dev.ingot.accelerator.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ingot.accelerator.DeviceFault;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who has a device when, by a clock that the test moves. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SharedTurnsTest {
    private static final long STEP = 5_000_000;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir
    private Path directory;

    private final AtomicLong clock = new AtomicLong(1_000_000_000);

    private SharedTurns join(String owner, int weight) throws DeviceFault {
        return join(owner, weight, Long.MAX_VALUE);
    }

    private SharedTurns join(String owner, int weight, long bytes) throws DeviceFault {
        // Each of its own mapping, as in a process of its own.
        return SharedTurns.join(
                Ledger.open(directory.resolve("ledger"), "test:0"), new Share(owner, weight, bytes), clock::get);
    }

    /** All want the device all the time; returns who has it in each step. */
    private List<Integer> run(int steps, SharedTurns... all) {
        List<Integer> holders = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            int holder = -1;
            for (int i = 0; i < all.length; i++) {
                if (all[i].take()) {
                    assertThat(holder).as("who has it beside %d", i).isEqualTo(-1);
                    holder = i;
                }
            }
            clock.addAndGet(STEP);
            if (holder >= 0) {
                all[holder].worked(STEP, () -> {});
            }
            holders.add(holder);
        }
        return holders;
    }

    private static double share(List<Integer> holders, Integer... whose) {
        return (double) holders.stream().filter(Arrays.asList(whose)::contains).count() / holders.size();
    }

    @Test
    void oneAloneKeepsTheDevice() throws Exception {
        assertThat(run(100, join("a", 1))).containsOnly(0);
    }

    @Test
    void turnsLastASlice() throws Exception {
        List<Integer> holders = run(40, join("a", 1), join("b", 1));

        int slice = (int) (SharedTurns.SLICE_NANOS / STEP);
        for (int i = 0; i < 40; i += slice) {
            assertThat(holders.subList(i, i + slice)).as("from %d on", i).containsOnly(holders.get(i));
        }
        assertThat(share(holders, 0)).isEqualTo(0.5);
    }

    @Test
    void timeGoesByWeight() throws Exception {
        List<Integer> holders = run(4000, join("a", 3), join("b", 1));

        assertThat(share(holders, 0)).isBetween(0.74, 0.76);
    }

    @Test
    void anOwnerOfManyDevicesHasOneShare() throws Exception {
        List<Integer> holders = run(4000, join("a", 1), join("a", 1), join("a", 1), join("b", 1));

        assertThat(share(holders, 3)).isBetween(0.49, 0.51);
        for (int i = 0; i < 3; i++) {
            assertThat(share(holders, i)).isBetween(0.15, 0.18);
        }
    }

    @Test
    void nobodySavesTimeUp() throws Exception {
        SharedTurns a = join("a", 1);
        SharedTurns b = join("b", 1);
        run(20, a, b);
        b.rest();
        assertThat(run(2000, a)).containsOnly(0);

        assertThat(share(run(400, a, b), 1)).isBetween(0.47, 0.53);
        SharedTurns late = join("late", 1);
        assertThat(share(run(600, a, b, late), 2)).isBetween(0.31, 0.36);
    }

    @Test
    void nobodySavesTimeUpWhileItIsStopped() throws Exception {
        SharedTurns a = join("a", 1);
        SharedTurns b = join("b", 1);
        run(40, a, b);
        assertThat(a.take()).isTrue();
        assertThat(b.take()).isFalse();
        assertThat(share(run(2000, a), 0)).isGreaterThan(0.99);

        assertThat(share(run(400, a, b), 1)).isBetween(0.45, 0.55);
    }

    @Test
    void whoRestsLeavesTheDeviceAtOnce() throws Exception {
        SharedTurns a = join("a", 1);
        SharedTurns b = join("b", 1);
        assertThat(a.take()).isTrue();
        assertThat(b.take()).isFalse();
        a.rest();

        assertThat(b.take()).isTrue();
        b.close();
        b.close();
        assertThat(b.take()).isFalse();
        assertThat(a.take()).isTrue();
    }

    @Test
    void whoHasNothingToDoMayKeepTheDeviceUntilAnotherWantsIt() throws Exception {
        SharedTurns a = join("a", 1);
        SharedTurns b = join("b", 1);
        assertThat(a.mayLinger()).isFalse();
        run(1, a);
        assertThat(a.mayLinger()).isTrue();
        assertThat(b.take()).isFalse();
        assertThat(a.mayLinger()).isFalse();
        a.rest();
        assertThat(run(1, b)).containsOnly(0);

        clock.addAndGet(SharedTurns.SLICE_NANOS - 1);
        assertThat(b.mayLinger()).isTrue();
        clock.addAndGet(1);
        assertThat(b.mayLinger()).isFalse();
    }

    @Test
    void theDeviceIsLeftBeforeAnotherHasIt() throws Exception {
        SharedTurns a = join("a", 1);
        SharedTurns b = join("b", 1);
        List<Boolean> seen = new ArrayList<>();
        assertThat(a.take()).isTrue();
        b.take();
        a.worked(STEP, () -> seen.add(b.take()));
        assertThat(seen).isEmpty();

        clock.addAndGet(SharedTurns.SLICE_NANOS);
        b.take();
        a.worked(STEP, () -> seen.add(b.take()));
        assertThat(seen).containsExactly(false);
        assertThat(b.take()).isTrue();
    }

    @Test
    void whoAsksNoMoreIsNotWaitedFor() throws Exception {
        SharedTurns a = join("a", 1);
        SharedTurns gone = join("gone", 1);
        run(20, a, gone);
        gone.take();
        clock.addAndGet(SharedTurns.FRESH_NANOS);
        gone.rest();

        assertThat(run(100, a)).containsOnly(0);
    }

    @Test
    void deviceOfAProcessThatWasKilledIsFreeAgain() throws Exception {
        Process other = startHolder();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(other.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo("taken");
            SharedTurns own = join("holder", 1, 100);
            clock.addAndGet(2 * SharedTurns.FRESH_NANOS);
            assertThat(own.take()).isFalse();
            assertThatThrownBy(() -> own.reserve(41)).isInstanceOf(DeviceFault.class);

            other.destroyForcibly().waitFor();
            await().atMost(LIMIT).until(() -> {
                clock.addAndGet(2 * SharedTurns.FRESH_NANOS);
                return own.take();
            });
            own.reserve(100);
        } finally {
            other.destroyForcibly();
        }
    }

    private Process startHolder() throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        directory.resolve("ledger").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    @Test
    void aProcessThatIsStoppedLosesTheDevice() throws Exception {
        Process other = startHolder();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(other.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo("taken");
            SharedTurns own = join("holder", 1, 100);
            clock.addAndGet(2 * SharedTurns.FRESH_NANOS);
            assertThat(own.take()).isFalse();

            assertThat(new ProcessBuilder("sh", "-c", "kill -STOP " + other.pid())
                            .inheritIO()
                            .start()
                            .waitFor())
                    .isZero();
            await().atMost(LIMIT).until(() -> {
                clock.addAndGet(2 * SharedTurns.FRESH_NANOS);
                return own.take();
            });
            // Its memory it has still.
            assertThatThrownBy(() -> own.reserve(41)).isInstanceOf(DeviceFault.class);
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void whoHasLostTheDeviceInAStepLeavesItToOthers() throws Exception {
        SharedTurns a = join("a", 1);
        SharedTurns b = join("b", 1);
        assertThat(a.take()).isTrue();
        Ledger ledger = Ledger.open(directory.resolve("ledger"), "test:0");
        assertThat(ledger.compareAndSet(Ledger.Head.HOLDER, 1, 0)).isTrue();
        clock.addAndGet(3600 * SharedTurns.FRESH_NANOS);
        assertThat(run(2000, b)).containsOnly(0);

        AtomicInteger left = new AtomicInteger();
        a.worked(3600 * SharedTurns.FRESH_NANOS, left::incrementAndGet);
        assertThat(left).hasValue(1);
        assertThat(b.take()).isTrue();
        // It is neither behind by what it was stopped for nor ahead.
        assertThat(share(run(800, a, b), 0)).isBetween(0.45, 0.55);
    }

    /** Takes a device and memory, and waits to be killed. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws Exception {
            SharedTurns turns = SharedTurns.join(
                    Ledger.open(Path.of(arguments[0]), "test:0"), new Share("holder", 1, 100), System::nanoTime);
            turns.reserve(60);
            while (!turns.take()) {
                Thread.onSpinWait();
            }
            System.out.println("taken");
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    @Test
    void memoryIsCountedByOwner() throws Exception {
        SharedTurns first = join("a", 1, 100);
        SharedTurns second = join("a", 1, 100);
        SharedTurns other = join("b", 1, 100);
        first.reserve(60);
        second.reserve(40);
        other.reserve(100);

        assertThatThrownBy(() -> second.reserve(1))
                .isInstanceOfSatisfying(
                        DeviceFault.class, fault -> assertThat(fault.code()).isEqualTo(DeviceFault.Code.OUT_OF_MEMORY))
                .hasMessageContaining("of the 100 that a may have of the device, 100 are taken");
        assertThatThrownBy(() -> second.reserve(Long.MAX_VALUE)).isInstanceOf(DeviceFault.class);
        first.release(10);
        second.reserve(10);
        first.close();
        second.reserve(50);
    }

    @Test
    void rowsAreUsedAgain() throws Exception {
        for (int i = 0; i < 2 * Ledger.ROWS; i++) {
            join("a", 1).close();
        }
        List<SharedTurns> all = new ArrayList<>();
        for (int i = 0; i < Ledger.ROWS; i++) {
            all.add(join("a", 1));
        }
        assertThatThrownBy(() -> join("b", 1))
                .isInstanceOf(DeviceFault.class)
                .hasMessageContaining(Ledger.ROWS + " others do already");
        all.get(7).close();
        join("b", 1).close();
    }
}
