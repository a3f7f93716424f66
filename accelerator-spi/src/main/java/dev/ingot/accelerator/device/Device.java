package dev.ingot.accelerator.device;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.Health;
import dev.ingot.accelerator.backend.Backend;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.DeviceMemory;
import dev.ingot.accelerator.backend.NativeBackend;
import dev.ingot.accelerator.backend.ResidentBackend;
import dev.ingot.accelerator.backend.SuspendableBackend;
import dev.ingot.accelerator.operation.Determinism;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.share.Turns;
import dev.ingot.accelerator.state.BufferState;
import dev.ingot.accelerator.state.CommandState;
import dev.ingot.accelerator.state.DeviceState;
import dev.ingot.accelerator.state.RestorePlan;
import dev.ingot.api.ExcludedFromImage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
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
 * <p>{@link Custody} says who has the backend, {@link CommandLoop} does the commands, {@link Move} goes to another backend.
 */
public final class Device implements AutoCloseable {
    /** Some steps of usual length. */
    private static final Duration PRECOPY_PATIENCE = Duration.ofMillis(50);

    /** Its monitor guards what follows. */
    private final Custody custody;

    private final Map<String, DeviceBuffer> buffers = new LinkedHashMap<>();
    private final Map<String, CommandQueue> queues = new LinkedHashMap<>();
    private final @Nullable String role;
    /** By their identities: what the device was given to compute. */
    private final Map<String, Operation> used = new LinkedHashMap<>();

    private DeviceDescriptor descriptor;
    private @Nullable Determinism accepted;

    /** Of what is saved; that of an image is the one of the version that took it. */
    private int format = DeviceState.FORMAT;

    @ExcludedFromImage
    private @Nullable Backend backend;

    /**
     * Null until the device has joined, and from when it was closed. They are this process's alone, so a thread that may be captured holds
     * them only while it has the device frozen or to itself.
     */
    @ExcludedFromImage
    private @Nullable Turns turns;

    private Device(DeviceDescriptor descriptor, @Nullable String role, Backend backend) {
        this.custody = new Custody(descriptor.name());
        this.role = role;
        this.descriptor = descriptor;
        this.backend = backend;
        OpenDevices.add(this);
    }

    /**
     * Makes a device of a backend, and has it join those who share it.
     *
     * @param backend belongs to the device from now on
     * @throws DeviceFault if it cannot join them; the backend is closed then
     */
    static Device open(DeviceDescriptor descriptor, @Nullable String role, Backend backend, Accelerators accelerators)
            throws DeviceFault {
        Device device = new Device(descriptor, role, backend);
        boolean complete = false;
        try {
            DeviceThread.start(descriptor.name(), () -> device.joinAndRun(accelerators, backend));
            device.awaitTurns();
            complete = true;
            return device;
        } finally {
            if (!complete) {
                device.close();
            }
        }
    }

    private void awaitTurns() throws DeviceFault {
        custody.awaitUninterruptibly(() -> turns != null || custody.isGone());
        custody.requireAlive();
    }

    private void joinAndRun(Accelerators accelerators, Backend first) {
        if (!mayJoin(first)) {
            // The device was captured before this thread was started, and resumed with another backend, which has one.
            return;
        }
        Turns joined;
        try {
            joined = accelerators.turns(descriptor());
        } catch (DeviceFault failed) {
            lose(failed);
            return;
        } catch (RuntimeException | Error failed) {
            lose(new DeviceFault(
                    DeviceFault.Code.PROTOCOL,
                    DeviceFault.Scope.DEVICE,
                    false,
                    "cannot open " + descriptor().name() + ": " + failed,
                    Map.of(),
                    failed));
            return;
        }
        boolean isJoined;
        synchronized (custody) {
            isJoined = mayJoin(first);
            if (isJoined) {
                backend = first;
                turns = joined;
                custody.changed();
            }
        }
        if (isJoined) {
            new CommandLoop(this, custody, first, joined).run();
        } else {
            joined.close();
        }
    }

    /** Also if it was captured before it was among the open devices, so that a resume did not know of it: then it has no backend. */
    private boolean mayJoin(Backend first) {
        synchronized (custody) {
            return turns == null && (backend == null || backend == first) && !custody.isGone();
        }
    }

    /** What the device is at present; another one after a move. */
    public DeviceDescriptor descriptor() {
        synchronized (custody) {
            return descriptor;
        }
    }

    /** What the program has it for, which a resume may know it by; null if the program did not say. */
    public @Nullable String role() {
        return role;
    }

    /**
     * How long the device may work between two safe points before it counts as hanging and is given up, whether anybody waits for it or not; 60 s
     * unless set. A step is at least one grain of a kernel.
     */
    public void setWatchdog(Duration longest) {
        if (longest.isNegative() || longest.isZero()) {
            throw new IllegalArgumentException("a watchdog needs a positive duration, not " + longest);
        }
        custody.watchdog(longest);
    }

    /**
     * Consents that a move or a resume leaves the results of operations with a weaker promise than they had before, down to this one. Without
     * consent what would weaken a promise is refused.
     */
    public void accept(Determinism weakest) {
        synchronized (custody) {
            accepted = Objects.requireNonNull(weakest);
        }
    }

    /** How the device is, and since when. */
    public Health health() {
        Backend present;
        synchronized (custody) {
            present = backend;
        }
        String complaint = present == null ? null : present.complaint();
        return custody.health(complaint);
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
            synchronized (custody) {
                if (buffers.containsKey(name)) {
                    throw new IllegalArgumentException("there is a buffer " + name + " on " + descriptor.name());
                }
            }
            made[0] = new DeviceBuffer(this, name, bytes, isTransient, allocate(bytes));
            synchronized (custody) {
                buffers.put(name, made[0]);
            }
        });
        return made[0];
    }

    private DeviceMemory allocate(long bytes) throws DeviceFault {
        Turns present = Objects.requireNonNull(turns);
        present.reserve(bytes);
        boolean complete = false;
        try {
            DeviceMemory memory = bound().allocate(bytes);
            complete = true;
            return memory;
        } finally {
            if (!complete) {
                present.release(bytes);
            }
        }
    }

    void free(DeviceBuffer buffer) throws DeviceFault, InterruptedException {
        exclusively(() -> {
            Turns present = Objects.requireNonNull(turns);
            synchronized (custody) {
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
            present.release(buffer.bytes());
        });
    }

    /**
     * Creates a queue.
     *
     * @param name unique on this device
     */
    public CommandQueue createQueue(String name) {
        synchronized (custody) {
            CommandQueue queue = new CommandQueue(this, name);
            if (queues.putIfAbsent(name, queue) != null) {
                throw new IllegalArgumentException("there is a queue " + name + " on " + descriptor.name());
            }
            return queue;
        }
    }

    void submit(CommandQueue queue, Submission submission) throws DeviceFault {
        synchronized (custody) {
            custody.requireAlive();
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
            submission
                    .kernels()
                    .forEach(kernel -> used.putIfAbsent(kernel.operation().identity(), kernel.operation()));
            custody.changed();
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
     * them notices nothing but the time it takes. Waits while a checkpoint is taken.
     *
     * @param deadline how long to wait for a safe point
     * @return how it was done
     * @throws DeviceFault {@code HANG} if no safe point was reached in time, {@code STATE_REJECTED} if the plan is impossible or weakens
     *     a promise without {@linkplain #accept consent}, {@code SILENT_CORRUPTION} if what was saved is damaged, or what opening the target
     *     threw; the device goes on where it is. Or why the device was lost meanwhile
     * @throws IllegalStateException if the device is being moved already, or was closed meanwhile
     */
    public RestorePlan moveTo(Accelerators accelerators, DeviceDescriptor target, Duration deadline)
            throws DeviceFault, InterruptedException {
        precopy();
        if (!freeze(Custody.Freezer.PROGRAM, deadline)) {
            custody.requireAlive();
            throw new IllegalStateException("cannot move " + descriptor().name() + ": it is being moved already");
        }
        try {
            return rebind(accelerators, target);
        } finally {
            thaw(Custody.Freezer.PROGRAM);
        }
    }

    /**
     * Brings the device to a safe point and takes its state; it goes on at once. Waits while a checkpoint is taken.
     *
     * @throws DeviceFault {@code HANG} if no safe point was reached in time
     */
    public DeviceState capture(Duration deadline) throws DeviceFault, InterruptedException {
        precopy();
        if (!freeze(Custody.Freezer.PROGRAM, deadline)) {
            custody.requireAlive();
            throw new IllegalStateException("cannot capture " + descriptor().name() + ": it is being moved");
        }
        try {
            return state();
        } finally {
            thaw(Custody.Freezer.PROGRAM);
        }
    }

    /** Gives the device back; its buffers and queues are of no use any more. Does nothing the second time. */
    @Override
    public void close() {
        List<Runnable> afterwards = new ArrayList<>();
        Backend closed;
        synchronized (custody) {
            if (!custody.close()) {
                return;
            }
            DeviceFault reason =
                    new DeviceFault(DeviceFault.Code.LOST, DeviceFault.Scope.DEVICE, descriptor.name() + " was closed");
            queues.values().forEach(queue -> queue.fail(reason, afterwards));
            custody.awaitIdle();
            closed = backend;
            backend = null;
        }
        OpenDevices.remove(this);
        afterwards.forEach(Runnable::run);
        if (closed != null) {
            closed.close();
        }
        if (turns() != null) {
            DeviceThread.start(descriptor().name(), this::leave);
            // In a resumed JVM there are none.
            custody.awaitUninterruptibly(() -> turns == null);
        }
    }

    private void leave() {
        Turns over = turns();
        try {
            if (over != null) {
                over.close();
            }
        } finally {
            synchronized (custody) {
                turns = null;
                custody.changed();
            }
        }
    }

    // ---- for the package

    /** Runs {@code action} while nobody else has the backend. Waits while the device is frozen. */
    void exclusively(Action action) throws DeviceFault, InterruptedException {
        exclusively(null, action);
    }

    /** Does nothing and returns false if it would have to wait for longer than {@code limit}. */
    private boolean exclusively(@Nullable Duration limit, Action action) throws DeviceFault, InterruptedException {
        if (!custody.enter(limit)) {
            return false;
        }
        try {
            action.run();
            return true;
        } catch (DeviceFault failed) {
            if (failed.scope() != DeviceFault.Scope.COMMAND) {
                lose(failed);
            }
            throw failed;
        } finally {
            custody.leave();
        }
    }

    /** What needs the backend. */
    interface Action {
        void run() throws DeviceFault;
    }

    private Backend bound() {
        Backend present = backend;
        if (present == null) {
            throw new IllegalStateException(descriptor().name() + " has no backend");
        }
        return present;
    }

    boolean isBoundTo(Backend asked, Turns turnsOfAsked) {
        synchronized (custody) {
            return backend == asked && turns == turnsOfAsked;
        }
    }

    List<CommandQueue> queues() {
        synchronized (custody) {
            return new ArrayList<>(queues.values());
        }
    }

    void wake() {
        custody.changed();
    }

    void lose(DeviceFault reason) {
        List<Runnable> afterwards = new ArrayList<>();
        synchronized (custody) {
            lose(reason, afterwards);
        }
        afterwards.forEach(Runnable::run);
    }

    private void lose(DeviceFault reason, List<Runnable> afterwards) {
        if (custody.lose(reason)) {
            queues.values().forEach(queue -> queue.fail(reason, afterwards));
        }
    }

    /**
     * Has a step that is over its time done again, or gives the device up, also if its backend fails in that.
     *
     * @param now as {@link System#nanoTime}
     * @param stoodNanos how long until now the process stood still, which counts for no step
     */
    void loseIfHanging(long now, long stoodNanos) {
        try {
            custody.excuse(stoodNanos, now);
            abortIfHanging(now);
        } catch (RuntimeException | Error failed) {
            lose(unwatched(failed));
        }
    }

    private void abortIfHanging(long now) {
        long step;
        Backend present;
        synchronized (custody) {
            step = custody.overdueStep(now);
            present = backend;
        }
        if (step != 0 && present != null && present.abort()) {
            custody.restartStep(step);
        } else if (step != 0) {
            loseIn(step, now);
        }
    }

    /** Gives the device up, unless the step has ended meanwhile. */
    private void loseIn(long step, long now) {
        List<Runnable> afterwards = new ArrayList<>();
        synchronized (custody) {
            if (custody.overdueStep(now) == step) {
                lose(custody.hang(), afterwards);
            }
        }
        afterwards.forEach(Runnable::run);
    }

    /** Nobody would find out that the device hangs. */
    void loseUnwatched(Throwable failed) {
        lose(unwatched(failed));
    }

    private DeviceFault unwatched(Throwable failed) {
        return new DeviceFault(
                DeviceFault.Code.PROTOCOL,
                DeviceFault.Scope.DEVICE,
                false,
                "cannot watch over " + descriptor().name() + ": " + failed,
                Map.of(),
                failed);
    }

    // ---- capture and restore

    /** Saves what changed in the device's memory as far as that can be done while it works on. */
    void precopy() throws DeviceFault, InterruptedException {
        boolean isFree = custody.isRunning();
        for (Iterator<DeviceBuffer> each = presentBuffers().iterator(); isFree && each.hasNext(); ) {
            isFree = precopy(each.next());
        }
    }

    /**
     * Brings the device to safe points, keeps it there and saves what changed in its memory since {@link #precopy}.
     *
     * @param who lets it go on, and nobody else; waits while it is the other one's
     * @param deadline how long a safe point may take; for a checkpoint with the wait
     * @return false if there is nothing to capture: the device is lost, closed or frozen by {@code who} already
     * @throws DeviceFault {@code HANG} if that took too long; the device goes on
     */
    boolean freeze(Custody.Freezer who, Duration deadline) throws DeviceFault, InterruptedException {
        Duration left = custody.beginFreeze(who, deadline);
        if (left == null) {
            return false;
        }
        // A step that begins before this is undone stops once more than it has to, and goes on.
        suspend(true);
        try {
            if (!custody.awaitSafePoint(left)) {
                return false;
            }
        } finally {
            suspend(false);
        }
        boolean saved = false;
        try {
            for (DeviceBuffer buffer : presentBuffers()) {
                buffer.saveAll();
            }
            format = DeviceState.FORMAT;
            leaveToOthers();
            saved = true;
        } catch (DeviceFault failed) {
            if (failed.scope() != DeviceFault.Scope.COMMAND) {
                lose(failed);
            }
            throw failed;
        } finally {
            custody.endFreeze(saved ? Custody.State.FROZEN : Custody.State.RUNNING);
        }
        return true;
    }

    /** While the device is frozen another owner may have it. */
    private void leaveToOthers() throws DeviceFault {
        Turns present = turns;
        if (present != null
                && present.isShared()
                && backend instanceof ResidentBackend resident
                && resident.isResident()) {
            resident.evict();
        }
    }

    private void suspend(boolean wanted) {
        Backend present;
        synchronized (custody) {
            present = backend;
        }
        if (present instanceof SuspendableBackend suspendable) {
            suspendable.suspend(wanted);
        }
    }

    List<DeviceBuffer> presentBuffers() {
        synchronized (custody) {
            return new ArrayList<>(buffers.values());
        }
    }

    /**
     * Chunk by chunk, so that commands go on in between. A chunk that is written again later is saved again.
     *
     * @return false if a step takes long: it is better stopped by the freeze, if the device can do that, than waited for here
     */
    private boolean precopy(DeviceBuffer buffer) throws DeviceFault, InterruptedException {
        int[] chunk = {0};
        boolean isFree = true;
        while (isFree && chunk[0] >= 0) {
            isFree = exclusively(PRECOPY_PATIENCE, () -> {
                chunk[0] = isPresent(buffer) ? buffer.nextDirty(chunk[0]) : -1;
                if (chunk[0] >= 0) {
                    buffer.save(chunk[0]++);
                }
            });
        }
        return isFree;
    }

    private boolean isPresent(DeviceBuffer buffer) {
        synchronized (custody) {
            return buffers.get(buffer.name()) == buffer;
        }
    }

    /** Has the device, which was just opened, stand still for a checkpoint that is under way. There is nothing in it to save. */
    void beginFrozen() {
        custody.beginFrozen(Custody.Freezer.CHECKPOINT);
    }

    /** Lets the device go on if {@code who} has frozen it. */
    void thaw(Custody.Freezer who) {
        custody.thaw(who);
    }

    boolean isFrozen() {
        return custody.isFrozen();
    }

    /** Whether an image has a device here that it could not go on with: it is at work, or the program has it. */
    boolean isMissed() {
        synchronized (custody) {
            return !custody.isHeld() && !custody.isGone();
        }
    }

    /** The state of a device that is frozen. */
    DeviceState state() {
        synchronized (custody) {
            List<BufferState> contents = new ArrayList<>();
            buffers.values().forEach(buffer -> contents.add(buffer.state()));
            List<CommandState> commands = new ArrayList<>();
            queues.values().forEach(queue -> commands.addAll(queue.states()));
            return new DeviceState(
                    format,
                    descriptor,
                    contents,
                    commands,
                    List.copyOf(used.values()),
                    backend == null ? null : descriptor.nativeBuild());
        }
    }

    private RestorePlan rebind(Accelerators accelerators, DeviceDescriptor target) throws DeviceFault {
        Move move = new Move(this, target, accelerators, null);
        OpenDevices.beginMove(this);
        boolean complete = false;
        try {
            move.prepare();
            RestorePlan done = move.finish();
            complete = true;
            return done;
        } finally {
            try {
                if (!complete) {
                    move.abandon();
                }
            } finally {
                OpenDevices.endMove();
            }
        }
    }

    /** See {@link Custody#requireAlive}. */
    void requireAlive() throws DeviceFault {
        custody.requireAlive();
    }

    /** The weakest promise that the program accepts; null if none but those it has. */
    @Nullable Determinism accepted() {
        synchronized (custody) {
            return accepted;
        }
    }

    /** Of the backend that it has; null if it has joined none. */
    @Nullable Turns turns() {
        synchronized (custody) {
            return turns;
        }
    }

    /** Has the driver take all that is on the device to another one of the same build. */
    void moveByDriver(DeviceDescriptor target, Turns ofTarget) throws DeviceFault {
        ((NativeBackend) bound()).moveTo(target.id());
        for (DeviceBuffer buffer : presentBuffers()) {
            buffer.forgetTransient();
        }
        arrive(target, ofTarget, bound(), Map.of());
    }

    /**
     * Takes another backend for the one it had, if it had one, which is closed.
     *
     * @param memories what each buffer has there
     * @throws DeviceFault if the device was lost meanwhile; it takes nothing then
     * @throws IllegalStateException if it was closed meanwhile; it takes nothing then
     */
    void moveByContents(DeviceDescriptor target, Turns ofTarget, Backend next, Map<DeviceBuffer, DeviceMemory> memories)
            throws DeviceFault {
        Backend last = backend;
        arrive(target, ofTarget, next, memories);
        if (last != null) {
            last.close();
        }
    }

    private void arrive(DeviceDescriptor target, Turns ofTarget, Backend next, Map<DeviceBuffer, DeviceMemory> memories)
            throws DeviceFault {
        boolean isAnother;
        synchronized (custody) {
            // Whoever closes the device does so while it moves, too, and gives back what it has by then and nothing
            // later.
            custody.requireAlive();
            isAnother = backend != next || turns != ofTarget;
            backend = next;
            turns = ofTarget;
            descriptor = target;
            memories.forEach(DeviceBuffer::bind);
            queues.values().forEach(queue -> queue.continueOn(target));
            custody.renew(target.name());
        }
        if (isAnother) {
            CommandLoop loop = new CommandLoop(this, custody, next, ofTarget);
            DeviceThread.start(descriptor().name(), loop::run);
        }
    }

    @Override
    public String toString() {
        return descriptor().toString();
    }
}
