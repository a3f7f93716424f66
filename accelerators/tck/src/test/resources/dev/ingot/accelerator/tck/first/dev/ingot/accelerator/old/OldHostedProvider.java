package dev.ingot.accelerator.old;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.DeviceKind;
import dev.ingot.accelerator.backend.AcceleratorProvider;
import dev.ingot.accelerator.backend.Backend;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.DeviceMemory;
import dev.ingot.accelerator.backend.Isolation;
import dev.ingot.accelerator.backend.SharingBackend;
import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.KernelFormat;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A provider as it was written when device hosts were new. */
public final class OldHostedProvider implements AcceleratorProvider {

    /** For {@link java.util.ServiceLoader}. */
    public OldHostedProvider() {}

    @Override
    public String name() {
        return "old-hosted";
    }

    @Override
    public Isolation isolation() {
        return Isolation.DEVICE_HOST;
    }

    @Override
    public List<DeviceDescriptor> discover() {
        return List.of(new DeviceDescriptor(
                name(),
                "0",
                DeviceKind.OTHER,
                "contracts",
                "1",
                Runtime.getRuntime().maxMemory(),
                Map.of(),
                Map.of(),
                Set.of(KernelFormat.JAVA)));
    }

    @Override
    public Backend open(String id) throws DeviceFault {
        if (!id.equals("0")) {
            throw new DeviceFault(DeviceFault.Code.INVALID_ARGUMENT, DeviceFault.Scope.DEVICE, "there is no device " + id);
        }
        return new OldBackend();
    }

    private static final class OldBackend implements SharingBackend {
        @Override
        public DeviceMemory allocate(long bytes) throws DeviceFault {
            if (bytes > Runtime.getRuntime().maxMemory()) {
                throw new DeviceFault(DeviceFault.Code.OUT_OF_MEMORY, DeviceFault.Scope.COMMAND, "there is not so much");
            }
            return share(HostMemory.allocate(bytes));
        }

        @Override
        public DeviceMemory share(HostMemory memory) {
            return new OldMemory(memory);
        }

        @Override
        public void compute(Operation operation, List<DeviceMemory> operands, Scalars scalars, long first, long end) {
            List<HostMemory> memories = operands.stream()
                    .map(operand -> ((OldMemory) operand).memory())
                    .toList();
            operation.contract().compute(memories, scalars, first, end);
        }

        @Override
        public void close() {}
    }

    private record OldMemory(HostMemory memory) implements DeviceMemory {
        @Override
        public long size() {
            return memory.size();
        }

        @Override
        public void write(long offset, ByteBuffer source) {
            memory.write(offset, source);
        }

        @Override
        public void read(long offset, ByteBuffer target) {
            memory.read(offset, target);
        }

        @Override
        public void close() {}
    }
}
