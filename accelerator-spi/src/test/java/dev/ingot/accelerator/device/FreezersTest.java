package dev.ingot.accelerator.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A checkpoint, and a program that moves and captures its devices itself, keep out of each other's way. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class FreezersTest {
    private static final Duration DEADLINE = Duration.ofMinutes(4);
    private static final Duration SHORT = Duration.ofMillis(50);

    private final SparseProvider here = new SparseProvider("here");
    private final SparseProvider there = new SparseProvider("there");
    private final Accelerators accelerators = Accelerators.of(List.of(here, there));
    private final Device other = accelerators.open(descriptor("there"));
    private final Device device = accelerators.open(descriptor("here"));

    /** Counted down by a move that is about to open its target, which then waits for the other one. */
    private final CountDownLatch opening = new CountDownLatch(1);

    private final CountDownLatch mayOpen = new CountDownLatch(1);

    FreezersTest() throws DeviceFault {}

    @AfterEach
    void close() {
        mayOpen.countDown();
        OpenDevices.thaw();
        device.close();
        other.close();
    }

    private DeviceDescriptor descriptor(String provider) {
        return accelerators.named(provider).get(0);
    }

    /** A thread of the program, or that of a checkpoint. */
    private static final class Actor<T> {
        private final FutureTask<T> task;
        private final Thread thread;

        Actor(Callable<T> action) {
            task = new FutureTask<>(action);
            thread = new Thread(task);
            thread.setDaemon(true);
            thread.start();
        }

        T result() throws Exception {
            return task.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        }

        /** Returns once it waits, or is done. */
        void awaitWaiting() {
            await().atMost(DEADLINE).until(() -> thread.getState() == Thread.State.TIMED_WAITING || isDone());
        }

        boolean isDone() {
            return task.isDone();
        }
    }

    private static Actor<Map<String, String>> checkpoint() {
        return new Actor<>(() -> {
            OpenDevices.freeze(DEADLINE.toNanos());
            return OpenDevices.held();
        });
    }

    private void holdNextMove() {
        there.beforeOpen = () -> {
            there.beforeOpen = () -> {};
            opening.countDown();
            try {
                mayOpen.await();
            } catch (InterruptedException unexpected) {
                throw new IllegalStateException("nobody interrupts a move", unexpected);
            }
        };
    }

    @Test
    void aCheckpointThatFailsLeavesADeviceToTheProgramThatMovesIt() throws Exception {
        DeviceBuffer buffer = device.allocate("content", 10);
        buffer.write(0, ByteBuffer.wrap(new byte[] {7}));
        holdNextMove();
        Actor<Object> move = new Actor<>(() -> device.moveTo(accelerators, descriptor("there"), DEADLINE));
        opening.await();

        assertThatThrownBy(() -> OpenDevices.freeze(SHORT.toNanos()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("here:0 was being moved or captured by the program for more than");
        OpenDevices.thaw();
        assertThat(device.isFrozen()).isTrue();
        other.allocate("more", 10);

        mayOpen.countDown();
        move.result();
        assertThat(device.descriptor().provider()).isEqualTo("there");
        ByteBuffer content = ByteBuffer.allocate(1);
        buffer.read(0, content);
        assertThat(content.get(0)).isEqualTo((byte) 7);
    }

    /** However soon the program comes again, the checkpoint is next. */
    @Test
    void aCheckpointWaitsForAMoveAndHasTheDeviceBeforeTheProgramsNextCapture() throws Exception {
        holdNextMove();
        Actor<Object> program = new Actor<>(() -> {
            device.moveTo(accelerators, descriptor("there"), DEADLINE);
            return device.capture(DEADLINE);
        });
        opening.await();
        Actor<Map<String, String>> checkpoint = checkpoint();
        checkpoint.awaitWaiting();
        mayOpen.countDown();

        assertThat(checkpoint.result())
                .containsOnlyKeys("there:0")
                .hasEntrySatisfying(
                        "there:0", summary -> assertThat(summary.split("; ")).hasSize(2));
        program.awaitWaiting();
        assertThat(program.isDone()).isFalse();
        assertThat(device.isFrozen()).isTrue();
        OpenDevices.thaw();
        program.result();
        device.allocate("more", 10);
    }

    /** What the move has joined at its target is in no image. */
    @Test
    void aCheckpointWaitsForAMoveOfADeviceThatIsClosedMeanwhile() throws Exception {
        holdNextMove();
        Actor<Object> move = new Actor<>(() -> device.moveTo(accelerators, descriptor("there"), DEADLINE));
        opening.await();
        device.close();
        assertThatThrownBy(() -> OpenDevices.freeze(SHORT.toNanos()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("still moving a device that was lost or closed meanwhile");
        Actor<Map<String, String>> checkpoint = checkpoint();
        checkpoint.awaitWaiting();
        assertThat(checkpoint.isDone()).isFalse();

        mayOpen.countDown();
        assertThat(checkpoint.result()).containsOnlyKeys("there:0");
        assertThatThrownBy(move::result).hasRootCauseMessage("here:0 was closed");
        assertThat(there.closed).hasValue(1);
    }

    @Test
    void theProgramsCaptureWaitsForTheEndOfACheckpoint() throws Exception {
        OpenDevices.freeze(DEADLINE.toNanos());
        assertThat(OpenDevices.held()).hasSize(2);
        Actor<Object> capture = new Actor<>(() -> device.capture(DEADLINE));
        capture.awaitWaiting();
        assertThat(device.isFrozen()).isTrue();

        OpenDevices.thaw();
        assertThat(capture.result()).isNotNull();
        device.allocate("more", 10);
    }

    /** Its threads are stopped later than its devices. */
    @Test
    void aDeviceThatIsOpenedDuringACheckpointIsFrozenAndGoesOnWithTheOthers() throws Exception {
        OpenDevices.freeze(DEADLINE.toNanos());
        assertThat(OpenDevices.held()).hasSize(2);
        Device late = accelerators.open(descriptor("here"), "late");
        try {
            assertThat(late.isFrozen()).isTrue();
            assertThat(OpenDevices.held()).hasSize(3).containsKey("late on here:0");
            OpenDevices.rebind(List.of(device, other, late), accelerators, Map.of("late", "there"), null);
            assertThat(late.descriptor().provider()).isEqualTo("there");
            assertThat(late.isFrozen()).isTrue();

            OpenDevices.thaw();
            late.allocate("some", 10);
            assertThat(late.isFrozen()).isFalse();
        } finally {
            late.close();
        }
        try (Device next = accelerators.open(descriptor("here"))) {
            assertThat(next.isFrozen()).isFalse();
        }
    }
}
