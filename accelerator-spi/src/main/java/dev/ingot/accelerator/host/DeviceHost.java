package dev.ingot.accelerator.host;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.backend.AcceleratorProvider;
import dev.ingot.accelerator.backend.Backend;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.DeviceMemory;
import dev.ingot.accelerator.backend.NativeBackend;
import dev.ingot.accelerator.backend.Registers;
import dev.ingot.accelerator.backend.ResidentBackend;
import dev.ingot.accelerator.backend.ResidentMemory;
import dev.ingot.accelerator.backend.SharingBackend;
import dev.ingot.accelerator.backend.SuspendableBackend;
import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The process in which a provider runs. It does one request after the other and ends with its program, even out of a kernel that
 * does not end.
 */
public final class DeviceHost {
    private static final String ANSWERS = "/dev/fd/3";
    private static final long PARENT_MILLIS = 500;

    private final AcceleratorProvider provider;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final BooleanSupplier isSuspended;
    private final Map<Integer, DeviceMemory> memories = new HashMap<>();
    private final List<Operation> operations = new ArrayList<>();
    private @Nullable SharingBackend backend;

    private DeviceHost(
            AcceleratorProvider provider, DataInputStream in, DataOutputStream out, BooleanSupplier isSuspended) {
        this.provider = provider;
        this.in = in;
        this.out = out;
        this.isSuspended = isSuspended;
    }

    /**
     * Serves until its program ends.
     *
     * @param arguments the provider's class, the program's process, the directory that it shares
     */
    public static void main(String[] arguments) throws IOException, ReflectiveOperationException {
        endWith(Long.parseLong(arguments[1]), Path.of(arguments[2]));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(new FileOutputStream(ANSWERS)));
        Class<? extends AcceleratorProvider> type = Class.forName(arguments[0]).asSubclass(AcceleratorProvider.class);
        AcceleratorProvider provider = type.getConstructor().newInstance();
        DataInputStream in = new DataInputStream(new BufferedInputStream(new FileInputStream(FileDescriptor.in)));
        out.writeInt(HostProcess.READY);
        out.flush();
        new DeviceHost(provider, in, out, SharedDirectory.suspension(Path.of(arguments[2]))).serve();
        // Nobody asks any more: the program has ended.
        SharedDirectory.remove(Path.of(arguments[2]));
        Runtime.getRuntime().halt(0);
    }

    private static void endWith(long program, Path shared) {
        Thread watcher = new Thread(
                () -> {
                    ProcessHandle parent = ProcessHandle.of(program).orElse(null);
                    while (parent != null && parent.isAlive()) {
                        try {
                            Thread.sleep(PARENT_MILLIS);
                        } catch (InterruptedException unexpected) {
                            break;
                        }
                    }
                    SharedDirectory.remove(shared);
                    Runtime.getRuntime().halt(1);
                },
                "program");
        watcher.setDaemon(true);
        watcher.start();
    }

    private void serve() throws IOException {
        Listener requests = new Listener(in);
        for (int code = requests.read(); code >= 0; code = requests.read()) {
            long start = System.nanoTime();
            Answer answer = answer(Request.of((char) code));
            answer.write(out);
            out.flush();
            requests.worked(System.nanoTime() - start);
        }
    }

    /** What goes back. */
    private interface Answer {
        void write(DataOutputStream out) throws IOException;
    }

    /** A request is read wholly before anything is done, so that a failure leaves the pipe where the next one begins. */
    private Answer answer(Request request) throws IOException {
        Action action = read(request);
        try {
            Answer done = action.run();
            return to -> {
                to.writeByte(HostProcess.DONE);
                done.write(to);
            };
        } catch (DeviceFault fault) {
            return fault(fault);
        } catch (OutOfMemoryError full) {
            return fault(new DeviceFault(
                    DeviceFault.Code.OUT_OF_MEMORY, DeviceFault.Scope.COMMAND, "the device host: " + full));
        } catch (IOException | RuntimeException | LinkageError failed) {
            return fault(new DeviceFault(
                    DeviceFault.Code.PROTOCOL,
                    DeviceFault.Scope.COMMAND,
                    request + " failed in the device host: " + failed));
        }
    }

    private static Answer fault(DeviceFault fault) {
        return to -> {
            to.writeByte(HostProcess.FAULT);
            Wire.writeFault(to, fault);
        };
    }

    /** What a request asks for. */
    private interface Action {
        Answer run() throws DeviceFault, IOException;
    }

    private Action read(Request request) throws IOException {
        return switch (request) {
            case DISCOVER -> this::discover;
            case OPEN -> {
                String id = Wire.readText(in);
                yield () -> open(id);
            }
            case MOVE -> {
                String id = Wire.readText(in);
                yield () -> move(id);
            }
            case SHARE -> {
                int number = in.readInt();
                Path file = Path.of(Wire.readText(in));
                yield () -> share(number, file);
            }
            case FREE -> {
                int number = in.readInt();
                yield () -> free(number);
            }
            case DEFINE -> {
                operations.add(Wire.readOperation(in));
                yield () -> to -> {};
            }
            case COMPUTE -> readCompute();
            case EVICT -> this::evict;
        };
    }

    private Answer discover() {
        List<DeviceDescriptor> devices = provider.discover();
        List<String> diagnostics = provider.diagnostics();
        return to -> {
            Wire.writeAll(to, devices, devices.size(), Wire::writeDescriptor);
            Wire.writeAll(to, diagnostics, diagnostics.size(), Wire::writeText);
        };
    }

    private Answer open(String id) throws DeviceFault {
        Backend opened = provider.open(id);
        if (!(opened instanceof SharingBackend sharing)) {
            opened.close();
            throw new DeviceFault(
                    DeviceFault.Code.PROTOCOL,
                    DeviceFault.Scope.PROVIDER,
                    "provider " + provider.name() + " needs a device host, so its backend must be a SharingBackend");
        }
        backend = sharing;
        return to -> {};
    }

    private Answer move(String id) throws DeviceFault {
        if (!(opened() instanceof NativeBackend movable)) {
            throw new DeviceFault(
                    DeviceFault.Code.PROTOCOL,
                    DeviceFault.Scope.COMMAND,
                    "provider " + provider.name() + " says " + NativeBackend.ATTRIBUTE
                            + ", so its backend must be a NativeBackend");
        }
        movable.moveTo(id);
        return to -> {};
    }

    private SharingBackend opened() {
        SharingBackend present = backend;
        if (present == null) {
            throw new IllegalStateException("no device is open");
        }
        return present;
    }

    private Answer share(int number, Path file) throws DeviceFault, IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            memories.put(number, opened().share(HostMemory.map(channel)));
        }
        return to -> {};
    }

    private Answer free(int number) {
        DeviceMemory memory = memories.remove(number);
        if (memory != null) {
            memory.close();
        }
        return to -> {};
    }

    private Action readCompute() throws IOException {
        Operation operation = operations.get(in.readInt());
        List<DeviceMemory> operands = new ArrayList<>();
        for (int i = 0; i < operation.operands().size(); i++) {
            DeviceMemory memory = memories.get(in.readInt());
            long from = in.readLong();
            long count = in.readLong();
            if (count > 0 && memory instanceof ResidentMemory resident) {
                resident.changed(from, count);
            }
            operands.add(memory);
        }
        Scalars scalars = Wire.readScalars(in);
        long first = in.readLong();
        long end = in.readLong();
        Registers from = Wire.readRegisters(in).orElse(null);
        return () -> {
            Registers stopped = compute(operation, operands, scalars, first, end, from);
            ResidentBackend resident = opened() instanceof ResidentBackend present ? present : null;
            return to -> {
                Wire.writeRegisters(to, stopped);
                to.writeBoolean(resident != null && resident.isResident());
                to.writeLong(resident == null ? 0 : resident.transferNanos());
            };
        };
    }

    private Answer evict() throws DeviceFault {
        if (opened() instanceof ResidentBackend resident) {
            resident.evict();
        }
        return to -> {};
    }

    private @Nullable Registers compute(
            Operation operation,
            List<DeviceMemory> operands,
            Scalars scalars,
            long first,
            long end,
            @Nullable Registers from)
            throws DeviceFault {
        if (opened() instanceof SuspendableBackend suspendable) {
            return suspendable.compute(operation, operands, scalars, first, end, from, isSuspended);
        }
        opened().compute(operation, operands, scalars, first, end);
        return null;
    }
}
