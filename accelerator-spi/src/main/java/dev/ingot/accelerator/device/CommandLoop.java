package dev.ingot.accelerator.device;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.backend.Backend;
import dev.ingot.accelerator.backend.DeviceMemory;
import dev.ingot.accelerator.backend.OperationSupport;
import dev.ingot.accelerator.backend.Registers;
import dev.ingot.accelerator.backend.ResidentBackend;
import dev.ingot.accelerator.backend.SuspendableBackend;
import dev.ingot.accelerator.share.Turns;
import dev.ingot.accelerator.state.Chunk;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Does the commands of a device, step by step from safe point to safe point, on the device's thread. */
final class CommandLoop {
    /** How often to look whether it is this device's turn, if it is shared. */
    private static final long TURN_MILLIS = 1;

    private final Device device;
    private final Custody custody;
    private final Backend backend;
    private final Turns turns;
    private final Runnable watch;
    private final Paces paces = new Paces();
    private int turn;

    /** A command whose turn it is. */
    private record Work(CommandQueue queue, Submission submission, Command command) {}

    /**
     * How far a step came.
     *
     * @param end the items before this one are done
     * @param registers where the step stopped behind {@code end}, or null if it did not
     */
    private record Progress(long end, @Nullable Registers registers) {}

    CommandLoop(Device device, Custody custody, Backend backend, Turns turns) {
        this(device, custody, backend, turns, Watchdog::watch);
    }

    /** A loop; {@code watch} has the device watched. */
    CommandLoop(Device device, Custody custody, Backend backend, Turns turns, Runnable watch) {
        this.device = device;
        this.custody = custody;
        this.backend = backend;
        this.turns = turns;
        this.watch = watch;
    }

    /** Does commands until the device has another backend or none. */
    void run() {
        try {
            watch.run();
        } catch (RuntimeException | Error failed) {
            // Above all where there can be no more threads. What waits for the device learns of it.
            device.loseUnwatched(failed);
        }
        Work work = next();
        while (work != null) {
            step(work, paces.of(work.command));
            work = next();
        }
    }

    /** Waits for a queue with something to do and takes the backend; null at the end. */
    private @Nullable Work next() {
        while (true) {
            List<Runnable> afterwards = new ArrayList<>();
            Work found;
            boolean evicts = false;
            synchronized (custody) {
                if (!device.isBoundTo(backend, turns)) {
                    return null;
                }
                if (custody.isGone()) {
                    if (!custody.isClosed()) {
                        // Whoever closes the device ends the turn, once nothing is in the device any more.
                        turns.rest();
                    }
                    return null;
                }
                found = custody.isFreeForCommands() ? readyWork(afterwards) : null;
                boolean isWaiting = false;
                if (found == null) {
                    isWaiting = turns.isShared() && isResident();
                    evicts = isWaiting && !turns.mayLinger() && custody.enterAtOnce();
                    if (!isWaiting) {
                        turns.rest();
                    }
                } else if (turns.take()) {
                    custody.beginStep(found.queue, found.command);
                } else {
                    found = null;
                    isWaiting = true;
                    // Who lost its turn while its process was stopped may have something in the device still.
                    evicts = isResident() && custody.enterAtOnce();
                }
                if (found == null && !evicts && afterwards.isEmpty()) {
                    awaitChange(isWaiting ? TURN_MILLIS : Custody.PATIENCE_MILLIS);
                }
            }
            afterwards.forEach(Runnable::run);
            if (evicts) {
                evictAndLeave();
            }
            if (found != null) {
                return found;
            }
        }
    }

    private boolean isResident() {
        return backend instanceof ResidentBackend resident && resident.isResident();
    }

    /** Another owner is to have the device's memory. */
    private void evict() {
        if (backend instanceof ResidentBackend resident && resident.isResident()) {
            try {
                resident.evict();
            } catch (DeviceFault failed) {
                device.lose(failed);
            }
        }
    }

    private void evictAndLeave() {
        try {
            evict();
        } finally {
            custody.leave();
        }
    }

    /** In turns, so that no queue keeps another one waiting. What is done without a command is finished on the way. */
    private @Nullable Work readyWork(List<Runnable> afterwards) {
        List<CommandQueue> all = device.queues();
        for (int i = 0; i < all.size(); i++) {
            CommandQueue queue = all.get((turn + i) % all.size());
            Submission submission = queue.ready(afterwards);
            while (submission != null && submission.isDone()) {
                queue.finish(afterwards);
                submission = queue.ready(afterwards);
            }
            if (submission != null) {
                turn = (turn + i + 1) % all.size();
                return new Work(queue, submission, submission.command());
            }
        }
        return null;
    }

    private void awaitChange(long millis) {
        try {
            custody.awaitChange(millis);
        } catch (InterruptedException ignored) {
            // Nobody has a reason to interrupt the thread of a device; it ends when the device does.
        }
    }

    private void step(Work work, Pace pace) {
        long first = work.submission.done();
        long start = System.nanoTime();
        List<Runnable> afterwards = new ArrayList<>();
        try {
            Progress progress = execute(work, first, pace);
            long nanos = System.nanoTime() - start;
            long transfer = backend instanceof ResidentBackend resident ? resident.transferNanos() : 0;
            pace.took(nanos, transfer, progress.end - first);
            turns.worked(nanos, this::evict);
            synchronized (custody) {
                if (!custody.isGone() && progress.registers != null) {
                    work.submission.stopIn(progress.registers, nanos);
                } else if (!custody.isGone()) {
                    work.submission.advanceTo(progress.end, nanos);
                    if (work.submission.isDone()) {
                        work.queue.finish(afterwards);
                    }
                }
            }
        } catch (DeviceFault failed) {
            fail(work.queue, failed, afterwards);
        } catch (RuntimeException | Error failed) {
            fail(
                    work.queue,
                    new DeviceFault(
                            DeviceFault.Code.PROTOCOL,
                            DeviceFault.Scope.COMMAND,
                            false,
                            work.command + " failed on " + device.descriptor().name() + ": " + failed,
                            Map.of(),
                            failed),
                    afterwards);
        } finally {
            custody.leave();
        }
        afterwards.forEach(Runnable::run);
    }

    private Progress execute(Work work, long first, Pace pace) throws DeviceFault {
        Command command = work.command;
        if (command instanceof Kernel kernel) {
            return compute(kernel, first, work.submission.registers(), pace);
        }
        long end = Math.min(command.items(), first + Chunk.BYTES);
        if (command instanceof Command.Copy copy) {
            copy.copy(first, end);
        } else if (command instanceof Command.Fill fill) {
            fill.fill(first, end);
        }
        return new Progress(end, null);
    }

    private Progress compute(Kernel kernel, long first, @Nullable Registers from, Pace pace) throws DeviceFault {
        long end = from == null ? end(kernel, first, pace) : from.end();
        List<DeviceMemory> operands = new ArrayList<>();
        for (DeviceBuffer buffer : kernel.buffers()) {
            operands.add(buffer.memory());
        }
        try {
            Registers stopped = compute(kernel, operands, first, end, from);
            return new Progress(stopped == null ? end : first, stopped);
        } finally {
            for (int i = 0; i < operands.size(); i++) {
                if (kernel.operation().operands().get(i).access().writes()) {
                    kernel.buffers().get(i).touch();
                }
            }
        }
    }

    private long end(Kernel kernel, long first, Pace pace) {
        OperationSupport support = Objects.requireNonNull(device.descriptor().support(kernel.operation()));
        return kernel.operation().restartable() ? pace.end(first, support.grain(), kernel.items()) : kernel.items();
    }

    private @Nullable Registers compute(
            Kernel kernel, List<DeviceMemory> operands, long first, long end, @Nullable Registers from)
            throws DeviceFault {
        if (backend instanceof SuspendableBackend suspendable) {
            return suspendable.compute(
                    kernel.operation(), operands, kernel.scalars(), first, end, from, custody::isFreezing);
        }
        backend.compute(kernel.operation(), operands, kernel.scalars(), first, end);
        return null;
    }

    private void fail(CommandQueue queue, DeviceFault failed, List<Runnable> afterwards) {
        if (failed.scope() != DeviceFault.Scope.COMMAND) {
            device.lose(failed);
            return;
        }
        synchronized (custody) {
            queue.fail(failed, afterwards);
        }
    }
}
