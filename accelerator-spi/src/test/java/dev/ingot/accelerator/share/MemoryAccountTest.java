package dev.ingot.accelerator.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.accelerator.DeviceFault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who gets memory when there are {@value #ROOM} bytes. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class MemoryAccountTest {
    private static final long ROOM = 1000;

    @TempDir
    private Path directory;

    /** Each of its own mapping, as in a process of its own. */
    private MemoryAccount open(long owner, long guaranteed) throws DeviceFault {
        return MemoryAccount.open(Ledger.open(directory.resolve("ledger"), "memory"), owner, guaranteed, () -> ROOM);
    }

    private static void assertRefused(MemoryAccount account, long bytes) {
        assertThatThrownBy(() -> account.reserve(bytes))
                .isInstanceOfSatisfying(DeviceFault.class, fault -> {
                    assertThat(fault.code()).isEqualTo(DeviceFault.Code.OUT_OF_MEMORY);
                    assertThat(fault.scope()).isEqualTo(DeviceFault.Scope.COMMAND);
                })
                .hasMessageContaining("free buffers");
    }

    @Test
    void othersCannotTakeWhatIsGuaranteed() throws Exception {
        MemoryAccount sure = open(1, 600);
        MemoryAccount other = open(2, 0);
        MemoryAccount unshared = open(0, 0);
        other.reserve(300);
        assertRefused(unshared, 101);
        unshared.reserve(100);

        sure.reserve(600);
        assertRefused(sure, 1);
        other.release(300);
        sure.reserve(300);
        // What the owner has beyond that is not kept for it.
        sure.release(900);
        other.reserve(300);
        assertRefused(other, 1);
    }

    @Test
    void anOwnerHasOneGuarantee() throws Exception {
        MemoryAccount first = open(1, 600);
        MemoryAccount second = open(1, 600);
        MemoryAccount other = open(2, 400);
        first.reserve(300);
        second.reserve(300);
        other.reserve(400);
        assertRefused(second, 1);
    }

    @Test
    void moreThanThereIsCannotBeGuaranteed() throws Exception {
        MemoryAccount first = open(1, 600);
        assertThatThrownBy(() -> open(2, 401))
                .isInstanceOfSatisfying(
                        DeviceFault.class, fault -> assertThat(fault.code()).isEqualTo(DeviceFault.Code.OUT_OF_MEMORY))
                .hasMessageContaining("of the 1000 bytes")
                .hasMessageContaining("600 are taken or guaranteed")
                .hasMessageContaining("memory=");
        open(2, 400).close();
        first.close();
        first.close();
        open(2, 1000);
    }

    @Test
    void whatIsTakenCannotBeGuaranteedToAnother() throws Exception {
        open(0, 0).reserve(700);

        assertThatThrownBy(() -> open(1, 301)).isInstanceOf(DeviceFault.class);
        open(1, 300).reserve(300);
    }

    @Test
    void ownersThatRaceGetNoMoreThanThereIsAndWhatIsGuaranteed() throws Exception {
        int racers = 4;
        AtomicLong taken = new AtomicLong();
        CyclicBarrier start = new CyclicBarrier(racers + 1);
        ExecutorService threads = Executors.newFixedThreadPool(racers + 1);
        try {
            List<Future<Integer>> ends = new ArrayList<>();
            MemoryAccount sure = open(1, 400);
            for (int i = 0; i < racers; i++) {
                MemoryAccount racer = open(2 + i, 0);
                ends.add(threads.submit(() -> {
                    start.await();
                    int got = 0;
                    for (int round = 0; round < 500; round++) {
                        try {
                            racer.reserve(200);
                        } catch (DeviceFault full) {
                            assertThat(full.code()).isEqualTo(DeviceFault.Code.OUT_OF_MEMORY);
                            continue;
                        }
                        got++;
                        assertThat(taken.addAndGet(200)).isLessThanOrEqualTo(600);
                        taken.addAndGet(-200);
                        racer.release(200);
                    }
                    return got;
                }));
            }
            Future<?> guaranteed = threads.submit(() -> {
                start.await();
                for (int round = 0; round < 500; round++) {
                    sure.reserve(400);
                    sure.release(400);
                }
                return null;
            });
            guaranteed.get();
            for (Future<Integer> end : ends) {
                assertThat(end.get()).isPositive();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void whatIsMoreThanANumberCanHoldIsRefused() throws Exception {
        MemoryAccount other = open(0, 0);
        other.reserve(700);

        assertThatThrownBy(() -> open(1, Long.MAX_VALUE - 1))
                .isInstanceOf(DeviceFault.class)
                .hasMessageContaining("cannot guarantee");
        assertRefused(other, Long.MAX_VALUE);
        open(1, 300);
        assertRefused(other, 1);
    }

    /** As that of a process that a signal has stopped. */
    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aHolderThatDoesNotGoOnIsNotWaitedForForEver() throws Exception {
        Ledger ledger = Ledger.open(directory.resolve("ledger"), "memory");
        int row = ledger.claim();
        ledger.set(row, Ledger.Column.BYTES, 300);
        assertThat(ledger.compareAndSet(Ledger.Head.HOLDER, 0, row + 1L)).isTrue();

        MemoryAccount account = open(1, 0);
        account.reserve(700);
        assertRefused(account, 1);
        assertThat(ledger.isAlive(row)).isTrue();
    }

    /** By a process that was stopped, or ended, in the middle of it. */
    @Test
    void aRowThatIsBeingFreedTakesNoMemory() throws Exception {
        Ledger ledger = Ledger.open(directory.resolve("ledger"), "memory");
        int row = ledger.claim();
        ledger.set(row, Ledger.Column.BYTES, ROOM);
        ledger.set(row, Ledger.Column.GUARANTEED, ROOM);
        ledger.set(row, Ledger.Column.PROCESS, -1);

        open(1, ROOM).reserve(ROOM);
    }

    /** The row of a process that is gone has the ledger. */
    @Test
    void whatAProcessLeftBehindThatWasKilledIsFree() throws Exception {
        Ledger ledger = Ledger.open(directory.resolve("ledger"), "memory");
        int row = ledger.claim();
        ledger.set(row, Ledger.Column.STARTED, 1);
        ledger.set(row, Ledger.Column.BYTES, ROOM);
        assertThat(ledger.compareAndSet(Ledger.Head.HOLDER, 0, row + 1L)).isTrue();

        open(1, ROOM).reserve(ROOM);
    }
}
