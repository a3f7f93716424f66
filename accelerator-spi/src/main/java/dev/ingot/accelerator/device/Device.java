package dev.ingot.accelerator.device;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.backend.Backend;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.DeviceMemory;
import dev.ingot.accelerator.backend.OperationSupport;
import dev.ingot.accelerator.state.BufferState;
import dev.ingot.accelerator.state.Chunk;
import dev.ingot.accelerator.state.CommandState;
import dev.ingot.accelerator.state.DeviceState;
import dev.ingot.accelerator.state.RestorePlan;
import dev.ingot.api.ExcludedFromImage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A device that a program computes on. Opened by {@link Accelerators#open}. Thread-safe.
 *
 * <h2>Overview</h2>
 *
 * A device is an ordinary object with ordinary state: buffers, queues, how far each kernel is. Only the {@link Backend} behind it
 * and the content of its memory are not. {@link #freeze} brings the content over at a safe point; then the backend can be exchanged
 * for another one, of whatever kind, in this JVM ({@link #moveTo}) or in the one that resumes an image, and nothing that the
 * program holds changes.
 *
 * <pre>
 *   RUNNING ──freeze──► FREEZING ──safe point──► FROZEN ──thaw──► RUNNING
 *      │                   └──────── deadline ────────► RUNNING
 *      └──fault of the device──► LOST          any ──close──► CLOSED
 * </pre>
 *
 * <h2>Concurrency</h2>
 *
 * One thread at a time has the backend to itself, by {@code busy}: a thread of the device for the commands, threads of the program
 * for reads and writes, which go first. While the device is not RUNNING nobody has. {@link #lock} guards all state and is never held
 * while a backend is called. Threads wait on it in turns, because the threads of a resumed JVM miss notifications while they are
 * being rebuilt.
 */
public final class Device implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 200;
    private static final Duration WATCHDOG = Duration.ofSeconds(60);

    private enum State {
        RUNNING,
        FREEZING,
        FROZEN,
        LOST,
        CLOSED
    }

    /** What needs the backend. */
    interface Action {
        void run() throws DeviceFault;
    }

    /** A command whose turn it is. */
    private record Work(CommandQueue queue, Submission submission, Command command) {}

    private final Object lock = new Object();
    private final Map<String, DeviceBuffer> buffers = new LinkedHashMap<>();
    private final Map<String, CommandQueue> queues = new LinkedHashMap<>();
    private State state = State.RUNNING;
    private DeviceDescriptor descriptor;
    private @Nullable DeviceFault fault;
    private Duration watchdog = WATCHDOG;
    private boolean busy;
    private int waitingHosts;
    private int turn;
    /** When the step that runs began; 0 while none does. */
    private long stepStart;

    private String stepName = "";

    @ExcludedFromImage
    private @Nullable Backend backend;

    Device(DeviceDescriptor descriptor, Backend backend) {
        this.descriptor = descriptor;
        this.backend = backend;
        OpenDevices.add(this);
        DeviceThread.start(this, backend);
    }

    /** What the device is at present; another one after a move. */
    public DeviceDescriptor descriptor() {
        synchronized (lock) {
            return descriptor;
        }
    }

    /**
     * How long the device may work between two safe points before it counts as hanging and is given up; 60 s unless set. A step is
     * at least one grain of a kernel.
     */
    public void setWatchdog(Duration longest) {
        if (longest.isNegative() || longest.isZero()) {
            throw new IllegalArgumentException("a watchdog needs a positive duration, not " + longest);
        }
        synchronized (lock) {
            watchdog = longest;
        }
    }

    /**
     * Allocates a buffer whose content becomes part of images.
     *
     * @param name unique on this device
     * @param bytes more than 0
     * @throws DeviceFault {@code OUT_OF_MEMORY}, or if the device is lost
     */
    public DeviceBuffer allocate(String name, long bytes) throws DeviceFault, InterruptedException {
        return allocate(name, bytes, false);
    }

    /** As {@link #allocate}, but the content is left out of images; after a move it is zero. For what can be computed anew. */
    public DeviceBuffer allocateTransient(String name, long bytes) throws DeviceFault, InterruptedException {
        return allocate(name, bytes, true);
    }

    private DeviceBuffer allocate(String name, long bytes, boolean isTransient)
            throws DeviceFault, InterruptedException {
        Objects.requireNonNull(name);
        if (bytes <= 0) {
            throw new IllegalArgumentException("buffer " + name + " cannot have " + bytes + " bytes");
        }
        DeviceBuffer[] made = new DeviceBuffer[1];
        exclusively(() -> {
            synchronized (lock) {
                if (buffers.containsKey(name)) {
                    throw new IllegalArgumentException("there is a buffer " + name + " on " + descriptor.name());
                }
            }
            made[0] = new DeviceBuffer(this, name, bytes, isTransient, bound().allocate(bytes));
            synchronized (lock) {
                buffers.put(name, made[0]);
            }
        });
        return made[0];
    }

    void free(DeviceBuffer buffer) throws DeviceFault, InterruptedException {
        exclusively(() -> {
            synchronized (lock) {
                if (!buffers.remove(buffer.name(), buffer)) {
                    return;
                }
                if (queues.values().stream().anyMatch(queue -> queue.uses(buffer))) {
                    buffers.put(buffer.name(), buffer);
                    throw new IllegalStateException("cannot free " + buffer + ": a command that is not done uses it");
                }
            }
            buffer.memory().close();
            buffer.bind(null);
        });
    }

    /**
     * Creates a queue.
     *
     * @param name unique on this device
     */
    public CommandQueue createQueue(String name) {
        synchronized (lock) {
            CommandQueue queue = new CommandQueue(this, name);
            if (queues.putIfAbsent(name, queue) != null) {
                throw new IllegalArgumentException("there is a queue " + name + " on " + descriptor.name());
            }
            return queue;
        }
    }

    void submit(CommandQueue queue, Submission submission) throws DeviceFault {
        synchronized (lock) {
            requireAlive();
            for (Command command : submission.commands()) {
                requireOwn(command);
            }
            for (Kernel kernel : submission.kernels()) {
                if (descriptor.support(kernel.operation()) == null) {
                    throw new DeviceFault(
                            DeviceFault.Code.UNSUPPORTED,
                            DeviceFault.Scope.COMMAND,
                            descriptor + " does not have " + kernel.operation()
                                    + "; open a device that has, or give the operation a variant in one of "
                                    + descriptor.formats());
                }
            }
            queue.add(submission);
            lock.notifyAll();
        }
    }

    private void requireOwn(Command command) {
        for (DeviceBuffer buffer : Submission.buffersOf(command)) {
            if (buffer.device() != this || buffers.get(buffer.name()) != buffer) {
                throw new IllegalArgumentException(buffer + " is not of " + descriptor.name() + ", or was freed");
            }
        }
    }

    /**
     * Moves everything on the device to another one, in the middle of kernels: buffers, queues, what was submitted. Whoever holds
     * them notices nothing but the time it takes.
     *
     * @param deadline how long to wait for a safe point
     * @return how it was done
     * @throws DeviceFault {@code HANG} if no safe point was reached in time, {@code STATE_REJECTED} if the plan is impossible, or
     *     what opening the target threw; the device goes on where it is
     */
    public RestorePlan moveTo(Accelerators accelerators, DeviceDescriptor target, Duration deadline)
            throws DeviceFault, InterruptedException {
        if (!freeze(deadline)) {
            synchronized (lock) {
                requireAlive();
                throw new IllegalStateException("cannot move " + descriptor.name() + ": it is being moved already");
            }
        }
        try {
            return rebind(accelerators, target);
        } finally {
            thaw();
        }
    }

    /**
     * Brings the device to a safe point and takes its state; it goes on at once.
     *
     * @throws DeviceFault {@code HANG} if no safe point was reached in time
     */
    public DeviceState capture(Duration deadline) throws DeviceFault, InterruptedException {
        if (!freeze(deadline)) {
            synchronized (lock) {
                requireAlive();
                throw new IllegalStateException("cannot capture " + descriptor.name() + ": it is being moved");
            }
        }
        try {
            return state();
        } finally {
            thaw();
        }
    }

    /** Gives the device back; its buffers and queues are of no use any more. Does nothing the second time. */
    @Override
    public void close() {
        List<Runnable> afterwards = new ArrayList<>();
        Backend closed;
        synchronized (lock) {
            if (state == State.CLOSED) {
                return;
            }
            state = State.CLOSED;
            DeviceFault reason =
                    new DeviceFault(DeviceFault.Code.LOST, DeviceFault.Scope.DEVICE, descriptor.name() + " was closed");
            queues.values().forEach(queue -> queue.fail(reason, afterwards));
            lock.notifyAll();
            awaitIdle();
            closed = backend;
            backend = null;
        }
        OpenDevices.remove(this);
        afterwards.forEach(Runnable::run);
        if (closed != null) {
            closed.close();
        }
    }

    /** A step that hangs is left to its thread. */
    private void awaitIdle() {
        long end = System.nanoTime() + watchdog.toNanos();
        boolean interrupted = false;
        while (busy && System.nanoTime() < end) {
            try {
                lock.wait(PATIENCE_MILLIS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- the backend, for one thread at a time

    /** Runs {@code action} while nobody else has the backend. Waits while the device is frozen. */
    void exclusively(Action action) throws DeviceFault, InterruptedException {
        enter();
        try {
            action.run();
        } catch (DeviceFault failed) {
            if (failed.scope() != DeviceFault.Scope.COMMAND) {
                lose(failed);
            }
            throw failed;
        } finally {
            leave();
        }
    }

    private void enter() throws DeviceFault, InterruptedException {
        synchronized (lock) {
            waitingHosts++;
            try {
                requireAlive();
                while (busy || state != State.RUNNING) {
                    lock.wait(PATIENCE_MILLIS);
                    loseIfHanging();
                    requireAlive();
                }
                busy = true;
            } finally {
                waitingHosts--;
            }
        }
    }

    private void leave() {
        synchronized (lock) {
            busy = false;
            stepStart = 0;
            lock.notifyAll();
        }
    }

    private void requireAlive() throws DeviceFault {
        if (state == State.CLOSED) {
            throw new IllegalStateException(descriptor.name() + " was closed");
        }
        if (state == State.LOST && fault != null) {
            throw fault;
        }
    }

    private Backend bound() {
        Backend present = backend;
        if (present == null) {
            throw new IllegalStateException(descriptor.name() + " has no backend");
        }
        return present;
    }

    void wake() {
        synchronized (lock) {
            lock.notifyAll();
        }
    }

    // ---- commands, on the thread of the device

    /** Does commands until the device has another backend or none. */
    void serve(Backend mine) {
        Pace pace = new Pace();
        Command paced = null;
        Work work = next(mine);
        while (work != null) {
            if (work.command != paced) {
                paced = work.command;
                pace = new Pace();
            }
            step(work, mine, pace);
            work = next(mine);
        }
    }

    /** Waits for a queue with something to do and takes the backend; null at the end. */
    private @Nullable Work next(Backend mine) {
        while (true) {
            List<Runnable> afterwards = new ArrayList<>();
            Work found = null;
            synchronized (lock) {
                if (backend != mine || state == State.LOST || state == State.CLOSED) {
                    return null;
                }
                if (state == State.RUNNING && !busy && waitingHosts == 0) {
                    found = readyWork(afterwards);
                }
                if (found != null) {
                    busy = true;
                    stepStart = System.nanoTime();
                } else if (afterwards.isEmpty()) {
                    awaitChange();
                }
            }
            afterwards.forEach(Runnable::run);
            if (found != null) {
                return found;
            }
        }
    }

    /** In turns, so that no queue keeps another one waiting. What is done without a command is finished on the way. */
    private @Nullable Work readyWork(List<Runnable> afterwards) {
        List<CommandQueue> all = new ArrayList<>(queues.values());
        for (int i = 0; i < all.size(); i++) {
            CommandQueue queue = all.get((turn + i) % all.size());
            Submission submission = queue.ready(afterwards);
            while (submission != null && submission.isDone()) {
                queue.finish(afterwards);
                submission = queue.ready(afterwards);
            }
            if (submission != null) {
                turn = (turn + i + 1) % all.size();
                stepName = queue.name() + ": " + submission.command();
                return new Work(queue, submission, submission.command());
            }
        }
        return null;
    }

    /** The caller looks again. */
    @SuppressWarnings("WaitNotInLoop")
    private void awaitChange() {
        try {
            lock.wait(PATIENCE_MILLIS);
        } catch (InterruptedException ignored) {
            // Nobody has a reason to interrupt the thread of a device; it ends when the device does.
        }
    }

    private void step(Work work, Backend mine, Pace pace) {
        long first = work.submission.done();
        long start = System.nanoTime();
        List<Runnable> afterwards = new ArrayList<>();
        try {
            long end = execute(work.command, first, mine, pace);
            pace.took(System.nanoTime() - start, end - first);
            synchronized (lock) {
                if (state != State.LOST && state != State.CLOSED) {
                    work.submission.advanceTo(end);
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
                            work.command + " failed on " + descriptor.name() + ": " + failed,
                            Map.of(),
                            failed),
                    afterwards);
        } finally {
            leave();
        }
        afterwards.forEach(Runnable::run);
    }

    private long execute(Command command, long first, Backend mine, Pace pace) throws DeviceFault {
        if (command instanceof Kernel kernel) {
            return compute(kernel, first, mine, pace);
        }
        long end = Math.min(command.items(), first + Chunk.BYTES);
        if (command instanceof Command.Copy copy) {
            copy.copy(first, end);
        } else if (command instanceof Command.Fill fill) {
            fill.fill(first, end);
        }
        return end;
    }

    private long compute(Kernel kernel, long first, Backend mine, Pace pace) throws DeviceFault {
        OperationSupport support = Objects.requireNonNull(descriptor().support(kernel.operation()));
        long end = kernel.operation().restartable() ? pace.end(first, support.grain(), kernel.items()) : kernel.items();
        List<DeviceMemory> operands = new ArrayList<>();
        for (DeviceBuffer buffer : kernel.buffers()) {
            operands.add(buffer.memory());
        }
        try {
            mine.compute(kernel.operation(), operands, kernel.scalars(), first, end);
        } finally {
            for (int i = 0; i < operands.size(); i++) {
                if (kernel.operation().operands().get(i).access().writes()) {
                    kernel.buffers().get(i).touch();
                }
            }
        }
        return end;
    }

    private void fail(CommandQueue queue, DeviceFault failed, List<Runnable> afterwards) {
        if (failed.scope() != DeviceFault.Scope.COMMAND) {
            lose(failed);
            return;
        }
        synchronized (lock) {
            queue.fail(failed, afterwards);
        }
    }

    private void lose(DeviceFault reason) {
        List<Runnable> afterwards = new ArrayList<>();
        synchronized (lock) {
            loseLocked(reason, afterwards);
        }
        afterwards.forEach(Runnable::run);
    }

    private void loseLocked(DeviceFault reason, List<Runnable> afterwards) {
        if (state == State.LOST || state == State.CLOSED) {
            return;
        }
        state = State.LOST;
        fault = reason;
        queues.values().forEach(queue -> queue.fail(reason, afterwards));
        lock.notifyAll();
    }

    /** Gives the device up if its step is over its time. */
    void loseIfHanging() {
        List<Runnable> afterwards = new ArrayList<>();
        synchronized (lock) {
            if (busy && stepStart != 0 && System.nanoTime() - stepStart > watchdog.toNanos()) {
                loseLocked(hang(watchdog), afterwards);
            }
        }
        afterwards.forEach(Runnable::run);
    }

    private DeviceFault hang(Duration waited) {
        return new DeviceFault(
                DeviceFault.Code.HANG,
                DeviceFault.Scope.DEVICE,
                true,
                descriptor.name() + " did not reach a safe point within " + waited.toMillis() + " ms in " + stepName
                        + "; if that is not too long for it, raise the deadline",
                Map.of(),
                null);
    }

    // ---- capture and restore

    /**
     * Brings the device to safe points, keeps it there and saves what changed in its memory. What can be saved while it still works
     * is saved before.
     *
     * @return false if there is nothing to capture: the device is lost, closed or frozen already
     * @throws DeviceFault {@code HANG} if no safe point was reached in time; the device goes on
     */
    boolean freeze(Duration deadline) throws DeviceFault, InterruptedException {
        synchronized (lock) {
            if (state != State.RUNNING) {
                return false;
            }
        }
        for (DeviceBuffer buffer : presentBuffers()) {
            precopy(buffer);
        }
        synchronized (lock) {
            if (state != State.RUNNING) {
                return false;
            }
            state = State.FREEZING;
            if (!awaitSafePoint(deadline)) {
                return false;
            }
        }
        boolean saved = false;
        try {
            for (DeviceBuffer buffer : presentBuffers()) {
                saveAll(buffer);
            }
            saved = true;
        } catch (DeviceFault failed) {
            if (failed.scope() != DeviceFault.Scope.COMMAND) {
                lose(failed);
            }
            throw failed;
        } finally {
            endFreeze(saved ? State.FROZEN : State.RUNNING);
        }
        return true;
    }

    private void endFreeze(State next) {
        synchronized (lock) {
            if (state == State.FREEZING) {
                state = next;
                lock.notifyAll();
            }
        }
    }

    private List<DeviceBuffer> presentBuffers() {
        synchronized (lock) {
            return new ArrayList<>(buffers.values());
        }
    }

    /** Chunk by chunk, so that commands go on in between. A chunk that is written again later is saved again. */
    private void precopy(DeviceBuffer buffer) throws DeviceFault, InterruptedException {
        int[] chunk = {0};
        while (chunk[0] >= 0) {
            exclusively(() -> {
                chunk[0] = isPresent(buffer) ? buffer.nextDirty(chunk[0]) : -1;
                if (chunk[0] >= 0) {
                    buffer.save(chunk[0]++);
                }
            });
        }
    }

    private boolean isPresent(DeviceBuffer buffer) {
        synchronized (lock) {
            return buffers.get(buffer.name()) == buffer;
        }
    }

    private static void saveAll(DeviceBuffer buffer) throws DeviceFault {
        for (int chunk = buffer.nextDirty(0); chunk >= 0; chunk = buffer.nextDirty(chunk + 1)) {
            buffer.save(chunk);
        }
    }

    /** @return whether the device is still there */
    private boolean awaitSafePoint(Duration deadline) throws DeviceFault, InterruptedException {
        long end = System.nanoTime() + deadline.toNanos();
        try {
            while (busy && state == State.FREEZING) {
                if (System.nanoTime() >= end) {
                    throw hang(deadline);
                }
                lock.wait(PATIENCE_MILLIS);
            }
        } catch (DeviceFault | InterruptedException failed) {
            endFreeze(State.RUNNING);
            throw failed;
        }
        return state == State.FREEZING;
    }

    /** Lets a frozen device go on. */
    void thaw() {
        synchronized (lock) {
            if (state == State.FROZEN) {
                state = State.RUNNING;
                lock.notifyAll();
            }
        }
    }

    /** The state of a device that is frozen. */
    DeviceState state() {
        synchronized (lock) {
            List<BufferState> contents = new ArrayList<>();
            buffers.values().forEach(buffer -> contents.add(buffer.state()));
            List<CommandState> commands = new ArrayList<>();
            queues.values().forEach(queue -> commands.addAll(queue.states()));
            return new DeviceState(DeviceState.FORMAT, descriptor, contents, commands);
        }
    }

    boolean isFrozen() {
        synchronized (lock) {
            return state == State.FROZEN;
        }
    }

    /**
     * Gives a frozen device another backend. Everything is verified before the target is opened, and the old backend is closed only
     * once the new one has everything.
     */
    RestorePlan rebind(Accelerators accelerators, DeviceDescriptor target) throws DeviceFault {
        DeviceState frozen = state();
        RestorePlan plan = RestorePlan.of(frozen, target);
        if (!plan.isPossible()) {
            throw rejected(target, String.join("; ", plan.reasons()));
        }
        for (BufferState buffer : frozen.buffers()) {
            for (Chunk chunk : buffer.chunks()) {
                if (!chunk.isIntact()) {
                    throw rejected(target, "the content of buffer " + buffer.name() + " is damaged");
                }
            }
        }
        Backend next = accelerators.openBackend(target);
        Map<DeviceBuffer, DeviceMemory> memories = filled(next);
        Backend last;
        synchronized (lock) {
            last = backend;
            backend = next;
            descriptor = target;
            memories.forEach(DeviceBuffer::bind);
            queues.values().forEach(queue -> queue.continueOn(target));
            busy = false;
            stepStart = 0;
            lock.notifyAll();
        }
        DeviceThread.start(this, next);
        if (last != null) {
            last.close();
        }
        return plan;
    }

    private Map<DeviceBuffer, DeviceMemory> filled(Backend next) throws DeviceFault {
        Map<DeviceBuffer, DeviceMemory> memories = new LinkedHashMap<>();
        boolean complete = false;
        try {
            for (DeviceBuffer buffer : presentBuffers()) {
                DeviceMemory memory = next.allocate(buffer.bytes());
                memories.put(buffer, memory);
                buffer.copyTo(memory);
            }
            complete = true;
        } finally {
            if (!complete) {
                next.close();
            }
        }
        return memories;
    }

    private DeviceFault rejected(DeviceDescriptor target, String reason) {
        return new DeviceFault(
                DeviceFault.Code.STATE_REJECTED,
                DeviceFault.Scope.COMMAND,
                "the state of " + descriptor.name() + " cannot go on on " + target + ": " + reason);
    }

    @Override
    public String toString() {
        return descriptor().toString();
    }
}
