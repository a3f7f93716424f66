package dev.ingot.accelerator.tck;

import dev.ingot.accelerator.DeviceKind;
import dev.ingot.accelerator.backend.AcceleratorProvider;
import dev.ingot.accelerator.backend.Backend;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.DeviceMemory;
import dev.ingot.accelerator.backend.SharingBackend;
import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.KernelFormat;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A device of another kind than any real one, which computes every operation by its contract. Others are compared with it. */
public final class ReferenceProvider implements AcceleratorProvider {

    /** For {@link java.util.ServiceLoader}. */
    public ReferenceProvider() {}

    @Override
    public String name() {
        return "reference";
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
    public Backend open(String id) {
        return new ReferenceBackend();
    }

    private static final class ReferenceBackend implements SharingBackend {
        @Override
        public DeviceMemory allocate(long bytes) {
            return share(HostMemory.allocate(bytes));
        }

        @Override
        public DeviceMemory share(HostMemory memory) {
            return new ReferenceMemory(memory);
        }

        @Override
        public void compute(Operation operation, List<DeviceMemory> operands, Scalars scalars, long first, long end) {
            List<HostMemory> memories = operands.stream()
                    .map(operand -> ((ReferenceMemory) operand).memory())
                    .toList();
            operation.contract().compute(memories, scalars, first, end);
        }

        @Override
        public void close() {}
    }

    private record ReferenceMemory(HostMemory memory) implements DeviceMemory {
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
