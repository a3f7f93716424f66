package dev.ingot.accelerator.host;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.backend.DeviceMemory;
import dev.ingot.accelerator.backend.NativeBackend;
import dev.ingot.accelerator.backend.Registers;
import dev.ingot.accelerator.backend.ResidentBackend;
import dev.ingot.accelerator.backend.SuspendableBackend;
import dev.ingot.accelerator.operation.Access;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import dev.ingot.api.ExcludedFromImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A device in a device host of its own.
 *
 * <h2>Recovery</h2>
 *
 * All that a host knows can be told to another one: which device, which memory. When a host ends by itself, or is ended because a
 * step takes too long, the next one is started and the step is computed again. That gives the same, because a step reads nothing that
 * it writes; for operations of which this is not true, what they will write is copied before. A step that fails {@link #ATTEMPTS}
 * hosts is given up, the queue with it, but not the device.
 */
final class HostedBackend implements SuspendableBackend, NativeBackend, ResidentBackend {
    private static final int ATTEMPTS = 2;

    private final HostedProvider provider;
    private String id;
    private long limit;
    private final Map<Integer, HostedMemory> memories = new LinkedHashMap<>();
    private int numbers;
    private volatile boolean aborted;
    /** Whether the host's device may hold anything. */
    private volatile boolean isResident;

    private long transferNanos;
    /** How many hosts this has lost. */
    private final AtomicInteger replaced = new AtomicInteger();

    private volatile boolean closed;

    // An image may hold a backend that no device has yet; it makes these anew.
    @ExcludedFromImage
    private volatile @Nullable SharedDirectory directory;

    @ExcludedFromImage
    private @Nullable HostProcess host;

    /** The host that computes, for whoever finds that it takes too long. */
    @ExcludedFromImage
    private volatile @Nullable HostProcess computing;

    private HostedBackend(HostedProvider provider, String id, long limit) {
        this.provider = provider;
        this.id = id;
        this.limit = limit;
    }

    /**
     * Opens a device.
     *
     * @param limit how much its buffers may take together
     * @param spare a host to use, if it still lives
     */
    static HostedBackend open(HostedProvider provider, String id, long limit, @Nullable Spare spare)
            throws DeviceFault {
        HostedBackend backend = new HostedBackend(provider, id, limit);
        boolean complete = false;
        try {
            backend.use(spare);
            backend.attempt(HostProcess::isAlive, () -> {});
            complete = true;
            return backend;
        } finally {
            if (!complete) {
                backend.close();
            }
        }
    }

    private void use(@Nullable Spare spare) throws DeviceFault {
        if (spare == null) {
            return;
        }
        directory = spare.directory();
        if (spare.host().keep()) {
            try {
                tell(spare.host());
                host = spare.host();
            } catch (IOException lost) {
                // Then it gets another one.
            } finally {
                if (host == null) {
                    spare.host().kill();
                }
            }
        }
    }

    // ---- hosts

    /** Something that a host is asked. */
    private interface Task<T> {
        T run(HostProcess host) throws IOException, DeviceFault;
    }

    private <T> T attempt(Task<T> task, Runnable undo) throws DeviceFault {
        for (int attempt = 1; ; attempt++) {
            try {
                return task.run(started());
            } catch (IOException lost) {
                String words = end();
                replaced.incrementAndGet();
                if (attempt == ATTEMPTS) {
                    boolean hung = aborted;
                    throw fault(
                            hung ? DeviceFault.Code.HANG : DeviceFault.Code.LOST,
                            DeviceFault.Scope.COMMAND,
                            (hung ? "the device host had to be ended " : "the device host ended ") + ATTEMPTS + " times"
                                    + words,
                            lost);
                }
                undo.run();
            } catch (DeviceFault failed) {
                if (failed.scope() != DeviceFault.Scope.COMMAND) {
                    end();
                }
                if (attempt == ATTEMPTS || !failed.retryable()) {
                    throw failed;
                }
                undo.run();
            }
        }
    }

    private static DeviceFault fault(
            DeviceFault.Code code, DeviceFault.Scope scope, String message, IOException cause) {
        return new DeviceFault(code, scope, true, message + ": " + cause.getMessage(), Map.of(), cause);
    }

    private HostProcess started() throws IOException, DeviceFault {
        HostProcess present = host;
        if (present != null && present.isAlive()) {
            return present;
        }
        if (present != null) {
            replaced.incrementAndGet();
        }
        if (closed) {
            throw new DeviceFault(
                    DeviceFault.Code.LOST, DeviceFault.Scope.DEVICE, provider.name() + ":" + id + " was closed");
        }
        HostProcess next = provider.startHost(directory());
        boolean complete = false;
        try {
            tell(next);
            host = next;
            complete = true;
            return next;
        } finally {
            if (!complete) {
                next.kill();
            }
        }
    }

    private SharedDirectory directory() throws IOException {
        SharedDirectory present = directory;
        if (present == null) {
            present = SharedDirectory.create();
            directory = present;
        }
        return present;
    }

    /** Tells a host all it has to know. */
    private void tell(HostProcess next) throws IOException, DeviceFault {
        next.ask(Request.OPEN, out -> Wire.writeText(out, id), in -> true);
        for (HostedMemory memory : memories.values()) {
            share(next, memory);
        }
    }

    private static void share(HostProcess host, HostedMemory memory) throws IOException, DeviceFault {
        host.ask(
                Request.SHARE,
                out -> {
                    out.writeInt(memory.number());
                    Wire.writeText(out, memory.file().toString());
                },
                in -> true);
    }

    private String end() {
        HostProcess present = host;
        host = null;
        isResident = false;
        if (present == null) {
            return "";
        }
        present.kill();
        return present.lastWords();
    }

    // ---- what the framework calls

    @Override
    public DeviceMemory allocate(long bytes) throws DeviceFault {
        long taken = memories.values().stream().mapToLong(HostedMemory::size).sum();
        if (bytes > limit - taken) {
            throw new DeviceFault(
                    DeviceFault.Code.OUT_OF_MEMORY,
                    DeviceFault.Scope.COMMAND,
                    "cannot allocate " + bytes + " bytes on " + provider.name() + ":" + id + ": of " + limit + ", "
                            + taken + " are taken");
        }
        HostedMemory memory = make(bytes);
        boolean complete = false;
        try {
            attempt(
                    present -> {
                        share(present, memory);
                        return true;
                    },
                    () -> {});
            memories.put(memory.number(), memory);
            complete = true;
            return memory;
        } finally {
            if (!complete) {
                memory.discard();
            }
        }
    }

    private HostedMemory make(long bytes) throws DeviceFault {
        try {
            return HostedMemory.make(this, directory(), numbers++, bytes);
        } catch (IOException full) {
            throw new DeviceFault(
                    DeviceFault.Code.OUT_OF_MEMORY,
                    DeviceFault.Scope.COMMAND,
                    false,
                    "cannot share " + bytes + " bytes with a device host: " + full.getMessage(),
                    Map.of(),
                    full);
        }
    }

    /** A host that is not there any more has nothing to forget. */
    void forget(HostedMemory memory) {
        memories.remove(memory.number());
        HostProcess present = host;
        if (present == null) {
            return;
        }
        try {
            present.ask(Request.FREE, out -> out.writeInt(memory.number()), in -> true);
        } catch (IOException | DeviceFault failed) {
            end();
        }
    }

    /** The host asks the shared directory whether to stop, see {@link #suspend}. */
    @Override
    public @Nullable Registers compute(
            Operation operation,
            List<DeviceMemory> operands,
            Scalars scalars,
            long first,
            long end,
            @Nullable Registers from,
            BooleanSupplier isSuspended)
            throws DeviceFault {
        aborted = false;
        List<Copy> copies = operation.restartable() ? List.of() : copies(operation, operands);
        Step step = new Step(operation, operands, scalars, first, end, from);
        try {
            return attempt(present -> compute(present, step), () -> copies.forEach(Copy::restore))
                    .orElse(null);
        } finally {
            copies.forEach(Copy::discard);
        }
    }

    /** What a host is to compute. */
    private record Step(
            Operation operation,
            List<DeviceMemory> operands,
            Scalars scalars,
            long first,
            long end,
            @Nullable Registers from) {}

    private Optional<Registers> compute(HostProcess present, Step step) throws IOException, DeviceFault {
        int number = present.number(step.operation);
        computing = present;
        try {
            return present.askForLong(
                    Request.COMPUTE,
                    out -> {
                        out.writeInt(number);
                        for (DeviceMemory operand : step.operands) {
                            ((HostedMemory) operand).tell(out);
                        }
                        Wire.writeScalars(out, step.scalars);
                        out.writeLong(step.first);
                        out.writeLong(step.end);
                        Wire.writeRegisters(out, step.from);
                    },
                    in -> {
                        Optional<Registers> stopped = Wire.readRegisters(in);
                        isResident = in.readBoolean();
                        transferNanos = in.readLong();
                        return stopped;
                    });
        } catch (DeviceFault failed) {
            // Some operands may have been brought there before it failed.
            isResident = true;
            throw failed;
        } finally {
            computing = null;
        }
    }

    /** What an operation changes that may be done only once. */
    private record Copy(HostedMemory original, HostedMemory copy) {
        void restore() {
            copy.copyTo(original);
        }

        void discard() {
            copy.discard();
        }
    }

    private List<Copy> copies(Operation operation, List<DeviceMemory> operands) throws DeviceFault {
        List<Copy> copies = new ArrayList<>();
        boolean complete = false;
        try {
            for (int i = 0; i < operands.size(); i++) {
                if (operation.operands().get(i).access() != Access.READ) {
                    HostedMemory original = (HostedMemory) operands.get(i);
                    HostedMemory copy = make(original.size());
                    copies.add(new Copy(original, copy));
                    original.copyTo(copy);
                }
            }
            complete = true;
            return copies;
        } finally {
            if (!complete) {
                copies.forEach(Copy::discard);
            }
        }
    }

    @Override
    public void suspend(boolean wanted) {
        SharedDirectory present = directory;
        if (present != null) {
            present.suspend(wanted);
        }
    }

    @Override
    public boolean isResident() {
        return isResident;
    }

    @Override
    public long transferNanos() {
        return transferNanos;
    }

    /** A host that cannot do it is ended, with which all it had is free as well. */
    @Override
    public void evict() {
        HostProcess present = host;
        isResident = false;
        if (present == null) {
            return;
        }
        try {
            present.ask(Request.EVICT, out -> {}, in -> true);
        } catch (IOException | DeviceFault failed) {
            end();
        }
    }

    /** Whoever moves checked that the device there has the memory. A host that did not get through this is replaced when it is needed. */
    @Override
    public void moveTo(String target) throws DeviceFault {
        long room = provider.memoryOf(target);
        try {
            started().ask(Request.MOVE, out -> Wire.writeText(out, target), in -> true);
        } catch (IOException lost) {
            throw fault(
                    DeviceFault.Code.LOST,
                    DeviceFault.Scope.COMMAND,
                    "the device host ended when it was to take " + provider.name() + ":" + id + " to " + target + end(),
                    lost);
        } catch (DeviceFault failed) {
            if (failed.scope() != DeviceFault.Scope.COMMAND) {
                end();
            }
            throw failed;
        }
        id = target;
        limit = room;
    }

    @Override
    public @Nullable String complaint() {
        int count = replaced.get();
        return count == 0 ? null : "its device host had to be replaced " + count + (count == 1 ? " time" : " times");
    }

    @Override
    public boolean abort() {
        HostProcess present = computing;
        if (present != null) {
            aborted = true;
            present.killSoon();
        }
        return true;
    }

    @Override
    public void close() {
        closed = true;
        end();
        memories.values().forEach(HostedMemory::discard);
        memories.clear();
        if (directory != null) {
            directory.close();
        }
    }
}
