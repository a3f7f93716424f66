package dev.ingot.samples.devices;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.DeviceKind;
import dev.ingot.accelerator.backend.AcceleratorProvider;
import dev.ingot.accelerator.backend.Backend;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.DeviceMemory;
import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.KernelFormat;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A backend of one page: a device {@code toy:0} with a little memory, which computes by the contracts on one thread. */
public final class ToyProvider implements AcceleratorProvider {
    private static final long BYTES = 64 << 20;

    /** For {@link java.util.ServiceLoader}. */
    public ToyProvider() {}

    @Override
    public String name() {
        return "toy";
    }

    @Override
    public List<DeviceDescriptor> discover() {
        return List.of(new DeviceDescriptor(
                name(), "0", DeviceKind.OTHER, "toy", "1", BYTES, Map.of(), Map.of(), Set.of(KernelFormat.JAVA)));
    }

    @Override
    public Backend open(String id) throws DeviceFault {
        if (!id.equals("0")) {
            throw new DeviceFault(
                    DeviceFault.Code.INVALID_ARGUMENT, DeviceFault.Scope.DEVICE, "there is no toy " + id + ", only 0");
        }
        return new ToyBackend();
    }

    private static final class ToyBackend implements Backend {
        private long taken;

        @Override
        public DeviceMemory allocate(long bytes) throws DeviceFault {
            if (bytes > BYTES - taken) {
                throw new DeviceFault(
                        DeviceFault.Code.OUT_OF_MEMORY,
                        DeviceFault.Scope.COMMAND,
                        "a toy has " + BYTES + " bytes, of which " + taken + " are taken");
            }
            taken += bytes;
            return new ToyMemory(this, HostMemory.allocate(bytes));
        }

        @Override
        public void compute(Operation operation, List<DeviceMemory> operands, Scalars scalars, long first, long end) {
            List<HostMemory> memories =
                    operands.stream().map(each -> ((ToyMemory) each).content).toList();
            operation.contract().compute(memories, scalars, first, end);
        }

        @Override
        public void close() {}
    }

    private static final class ToyMemory implements DeviceMemory {
        private final ToyBackend toy;
        private final HostMemory content;
        private boolean isClosed;

        ToyMemory(ToyBackend toy, HostMemory content) {
            this.toy = toy;
            this.content = content;
        }

        @Override
        public long size() {
            return content.size();
        }

        @Override
        public void write(long offset, ByteBuffer source) {
            content.write(offset, source);
        }

        @Override
        public void read(long offset, ByteBuffer target) {
            content.read(offset, target);
        }

        @Override
        public void close() {
            if (!isClosed) {
                isClosed = true;
                toy.taken -= size();
            }
        }
    }
}
