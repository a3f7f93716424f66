package dev.ingot.accelerator.device;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.Health;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who has the backend of a device, and whether anybody may. Its monitor guards all state of the device, and is never held while a
 * backend is called.
 *
 * <pre>
 *   RUNNING ──freeze──► FREEZING ──safe point──► FROZEN ──thaw by who froze it──► RUNNING
 *      │                   └──────── deadline ────────► RUNNING
 *      └──fault of the device──► LOST          any ──close──► CLOSED
 * </pre>
 *
 * One thread at a time has the backend: the thread of the device for its commands, threads of the program for reads and writes,
 * which go first. While the device is not RUNNING nobody has. Threads wait in turns, because the threads of a resumed JVM miss
 * notifications while they are being rebuilt.
 */
final class Custody {
    static final long PATIENCE_MILLIS = 200;
    private static final Duration WATCHDOG = Duration.ofSeconds(60);

    enum State {
        RUNNING,
        FREEZING,
        FROZEN,
        LOST,
        CLOSED
    }

    /** On whose account a device stands still. */
    enum Freezer {
        /** A thread of the program that moves or captures the device. */
        PROGRAM,
        /** A checkpoint of the whole program. */
        CHECKPOINT
    }

    private State state = State.RUNNING;
    /** Of a device that is FREEZING or FROZEN; means nothing otherwise. */
    private Freezer freezer = Freezer.PROGRAM;

    /** Whether a checkpoint waits for what the program has frozen; it is next then. */
    private boolean isWantedByCheckpoint;

    private String device;
    private @Nullable DeviceFault fault;
    private Duration watchdog = WATCHDOG;
    private boolean busy;
    private int waitingHosts;
    /** How many steps were begun; by its number it is known whether a step still runs. */
    private long steps;

    private boolean isInStep;

    /** When the step that runs began, later by the time that does not count; as {@link System#nanoTime}. */
    private long stepStart;

    /** What the step that runs is of; made into words only where it takes too long. */
    private @Nullable CommandQueue stepQueue;

    private @Nullable Command stepCommand;

    private Health health = new Health(Health.Status.HEALTHY, "", Instant.now());

    Custody(String device) {
        this.device = device;
    }

    synchronized void watchdog(Duration longest) {
        watchdog = longest;
    }

    synchronized boolean isFrozen() {
        return state == State.FROZEN;
    }

    /** Whether it stands still for a checkpoint, with all that an image needs of it. */
    synchronized boolean isHeld() {
        return state == State.FROZEN && freezer == Freezer.CHECKPOINT;
    }

    /** Whether the device will do nothing more. */
    synchronized boolean isGone() {
        return state == State.LOST || state == State.CLOSED;
    }

    synchronized boolean isClosed() {
        return state == State.CLOSED;
    }

    /**
     * Returns if the device works or will work again.
     *
     * @throws DeviceFault why it was lost
     * @throws IllegalStateException if it was closed
     */
    synchronized void requireAlive() throws DeviceFault {
        if (state == State.CLOSED) {
            throw new IllegalStateException(device + " was closed");
        }
        if (state == State.LOST) {
            throw Objects.requireNonNull(fault);
        }
    }

    /** Has all who wait look again. */
    synchronized void changed() {
        notifyAll();
    }

    /** Returns when something may have changed; the caller looks again. */
    synchronized void awaitChange() throws InterruptedException {
        awaitChange(PATIENCE_MILLIS);
    }

    /** As {@link #awaitChange()}, after a chosen time at the latest. */
    @SuppressWarnings("WaitNotInLoop")
    synchronized void awaitChange(long millis) throws InterruptedException {
        wait(millis);
    }

    /**
     * How the device is.
     *
     * @param complaint what the backend says is wrong, or null
     */
    synchronized Health health(@Nullable String complaint) {
        if (state == State.CLOSED) {
            health = health.then(Health.Status.CLOSED, device + " was closed");
        } else if (state == State.LOST) {
            health = health.then(
                    Health.Status.LOST,
                    String.valueOf(Objects.requireNonNull(fault).getMessage()));
        } else if (overdueStep(System.nanoTime()) != 0) {
            health = health.then(
                    Health.Status.HANGING, stepName() + " takes longer than " + watchdog.toMillis() + " ms");
        } else if (complaint != null) {
            health = health.then(Health.Status.DEGRADED, complaint);
        } else {
            health = health.then(Health.Status.HEALTHY, "");
        }
        return health;
    }

    // ---- having the backend

    /**
     * Waits for the backend, for a thread of the program.
     *
     * @param limit how long at most, or null
     * @return false if that took too long
     * @throws DeviceFault if the device is lost
     */
    boolean enter(@Nullable Duration limit) throws DeviceFault, InterruptedException {
        long start = System.nanoTime();
        countWaiting(1);
        try {
            while (!hasEntered(limit == null ? PATIENCE_MILLIS : Math.min(PATIENCE_MILLIS, limit.toMillis()))) {
                if (limit != null && System.nanoTime() - start >= limit.toNanos()) {
                    return false;
                }
            }
            return true;
        } finally {
            countWaiting(-1);
        }
    }

    private synchronized void countWaiting(int more) {
        waitingHosts += more;
    }

    private synchronized boolean hasEntered(long patience) throws DeviceFault, InterruptedException {
        requireAlive();
        if (busy || state != State.RUNNING) {
            awaitChange(patience);
            requireAlive();
        }
        if (busy || state != State.RUNNING) {
            return false;
        }
        busy = true;
        return true;
    }

    /** Whether a command may begin. The caller has the monitor and goes on to {@link #beginStep}. */
    synchronized boolean isFreeForCommands() {
        return state == State.RUNNING && !busy && waitingHosts == 0;
    }

    /** Has the backend for something that is no command, if a command might begin. The caller {@linkplain #leave leaves}. */
    synchronized boolean enterAtOnce() {
        if (!isFreeForCommands()) {
            return false;
        }
        busy = true;
        return true;
    }

    synchronized void beginStep(CommandQueue queue, Command command) {
        busy = true;
        stepQueue = queue;
        stepCommand = command;
        steps++;
        isInStep = true;
        stepStart = System.nanoTime();
    }

    private String stepName() {
        return stepQueue == null ? "" : stepQueue.name() + ": " + stepCommand;
    }

    /** Gives the backend back. */
    synchronized void leave() {
        busy = false;
        isInStep = false;
        notifyAll();
    }

    /** The device has another backend, which nobody has yet, and perhaps another name. */
    synchronized void renew(String name) {
        device = name;
        leave();
    }

    // ---- hanging, losing, closing

    /**
     * The number of the step that takes too long; 0 if none does.
     *
     * @param now as {@link System#nanoTime}
     */
    synchronized long overdueStep(long now) {
        return isInStep && !isGone() && now - stepStart > watchdog.toNanos() ? steps : 0;
    }

    /**
     * Does not count time in which the whole process stood still, for the step that runs.
     *
     * @param now as {@link System#nanoTime}; a step never begins later
     */
    synchronized void excuse(long nanos, long now) {
        stepStart += Math.max(0, Math.min(nanos, now - stepStart));
    }

    /** This step was begun anew, if it still runs. */
    synchronized void restartStep(long step) {
        if (isInStep && steps == step) {
            stepStart = System.nanoTime();
        }
    }

    synchronized DeviceFault hang() {
        return hang(watchdog);
    }

    private synchronized DeviceFault hang(Duration waited) {
        return new DeviceFault(
                DeviceFault.Code.HANG,
                DeviceFault.Scope.DEVICE,
                true,
                device + " did not reach a safe point within " + waited.toMillis() + " ms in " + stepName()
                        + "; if that is not too long for it, raise the deadline",
                Map.of(),
                null);
    }

    /** Gives the device up; returns false if it was gone already. */
    synchronized boolean lose(DeviceFault reason) {
        if (isGone()) {
            return false;
        }
        state = State.LOST;
        fault = reason;
        health(null);
        notifyAll();
        return true;
    }

    /** Ends the device; returns false if it was closed already. */
    synchronized boolean close() {
        if (state == State.CLOSED) {
            return false;
        }
        state = State.CLOSED;
        health(null);
        notifyAll();
        return true;
    }

    /** Waits until nobody has the backend. A step that hangs is left to its thread. */
    synchronized void awaitIdle() {
        long end = System.nanoTime() + watchdog.toNanos();
        awaitUninterruptibly(() -> !busy || System.nanoTime() >= end);
    }

    /** Returns when {@code condition} holds, which is looked at with the monitor. */
    synchronized void awaitUninterruptibly(BooleanSupplier condition) {
        boolean interrupted = false;
        while (!condition.getAsBoolean()) {
            try {
                awaitChange();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- freezing

    /**
     * Lets nobody have the backend any more, once the other freezer has let it go.
     *
     * @param deadline how long a checkpoint waits for that. The program waits for a checkpoint for as long as it takes, as with all
     *     that it does with a device
     * @return what is left of the deadline; null if the device is lost or closed, or this freezer has it frozen already
     * @throws DeviceFault {@code HANG} if the program did not let it go in time
     */
    @Nullable Duration beginFreeze(Freezer who, Duration deadline) throws DeviceFault, InterruptedException {
        return who == Freezer.CHECKPOINT ? beginFreezeOfCheckpoint(deadline) : beginFreezeOfProgram(deadline);
    }

    private synchronized @Nullable Duration beginFreezeOfProgram(Duration deadline) throws InterruptedException {
        while ((isWantedByCheckpoint && state == State.RUNNING) || isStandingFor(Freezer.CHECKPOINT)) {
            awaitChange();
        }
        return beginFreeze(Freezer.PROGRAM) ? deadline : null;
    }

    private synchronized @Nullable Duration beginFreezeOfCheckpoint(Duration deadline)
            throws DeviceFault, InterruptedException {
        long begin = System.nanoTime();
        Duration left = deadline;
        isWantedByCheckpoint = true;
        try {
            while (isStandingFor(Freezer.PROGRAM)) {
                left = deadline.minusNanos(System.nanoTime() - begin);
                if (left.isNegative()) {
                    throw heldByProgram(deadline);
                }
                awaitChange(Math.min(PATIENCE_MILLIS, left.toMillis() + 1));
            }
            return beginFreeze(Freezer.CHECKPOINT) ? left : null;
        } finally {
            isWantedByCheckpoint = false;
            notifyAll();
        }
    }

    private synchronized boolean beginFreeze(Freezer who) {
        if (state != State.RUNNING) {
            return false;
        }
        state = State.FREEZING;
        freezer = who;
        return true;
    }

    /** Has a device that nobody works with yet stand still from its beginning. */
    synchronized void beginFrozen(Freezer who) {
        state = State.FROZEN;
        freezer = who;
    }

    private synchronized boolean isStandingFor(Freezer who) {
        return (state == State.FREEZING || state == State.FROZEN) && freezer == who;
    }

    private DeviceFault heldByProgram(Duration waited) {
        return new DeviceFault(
                DeviceFault.Code.HANG,
                DeviceFault.Scope.COMMAND,
                true,
                device + " was being moved or captured by the program for more than " + waited.toMillis()
                        + " ms; if that is not too long for it, raise the deadline",
                Map.of(),
                null);
    }

    synchronized boolean isFreezing() {
        return state == State.FREEZING;
    }

    /**
     * Waits, after {@link #beginFreeze(Freezer, Duration)}, until nobody has the backend.
     *
     * @return false if the device was lost or closed meanwhile
     * @throws DeviceFault {@code HANG} if that took too long; the device goes on
     */
    synchronized boolean awaitSafePoint(Duration deadline) throws DeviceFault, InterruptedException {
        boolean atSafePoint = false;
        try {
            long end = System.nanoTime() + deadline.toNanos();
            while (busy && state == State.FREEZING) {
                if (System.nanoTime() >= end) {
                    throw hang(deadline);
                }
                awaitChange();
            }
            atSafePoint = true;
        } finally {
            if (!atSafePoint) {
                endFreeze(State.RUNNING);
            }
        }
        return !isGone();
    }

    /** Ends what {@link #beginFreeze(Freezer, Duration)} began: in FROZEN, or in RUNNING if what followed did not succeed. */
    synchronized void endFreeze(State next) {
        if (state == State.FREEZING) {
            state = next;
            notifyAll();
        }
    }

    /** Lets a device go on that {@code who} has frozen. */
    synchronized void thaw(Freezer who) {
        if (state == State.FROZEN && freezer == who) {
            state = State.RUNNING;
            notifyAll();
        }
    }

    synchronized boolean isRunning() {
        return state == State.RUNNING;
    }
}
