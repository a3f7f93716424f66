package dev.ingot.accelerator.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.DeviceKind;
import dev.ingot.accelerator.backend.AcceleratorProvider;
import dev.ingot.accelerator.backend.Backend;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import dev.ingot.accelerator.backend.DeviceMemory;
import dev.ingot.accelerator.backend.Isolation;
import dev.ingot.accelerator.backend.ResidentBackend;
import dev.ingot.accelerator.backend.ResidentCopies;
import dev.ingot.accelerator.backend.SharingBackend;
import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.KernelFormat;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.operation.Scalars;
import dev.ingot.accelerator.standard.StandardOperations;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a program knows of a device in a device host that has memory for {@value #ROOM} bytes. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class HostedBackendTest {
    private static final int ROOM = 100;

    /** Else they would be in front of the next owner, who needs the room. */
    @Test
    void whatAStepThatFailedHasLeftInTheDeviceCanBeEvicted() throws Exception {
        HostedProvider provider = new HostedProvider(new CrowdedProvider());
        assertThat(provider.discover()).as("%s", provider.diagnostics()).hasSize(1);
        try (Backend backend = provider.open("0")) {
            ResidentBackend resident = (ResidentBackend) backend;
            List<DeviceMemory> operands = List.of(backend.allocate(40), backend.allocate(40), backend.allocate(40));
            assertThat(resident.isResident()).isFalse();

            assertThatThrownBy(() -> backend.compute(StandardOperations.ADD_F32, operands, Scalars.of("n", 10L), 0, 10))
                    .isInstanceOfSatisfying(DeviceFault.class, fault -> {
                        assertThat(fault.code()).isEqualTo(DeviceFault.Code.OUT_OF_MEMORY);
                        assertThat(fault.getMessage()).isEqualTo("80 of " + ROOM + " bytes are taken");
                    });
            assertThat(resident.isResident()).isTrue();
            resident.evict();
            assertThat(resident.isResident()).isFalse();
        }
    }

    /** For a device host. */
    public static final class CrowdedProvider implements AcceleratorProvider {
        /** For the device host. */
        public CrowdedProvider() {}

        @Override
        public String name() {
            return "crowded";
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
                    "crowded",
                    "1",
                    1L << 40,
                    Map.of(),
                    Map.of(),
                    Set.of(KernelFormat.JAVA)));
        }

        @Override
        public Backend open(String id) {
            return new CrowdedBackend();
        }
    }

    /** Brings operands to the device, and computes nothing. */
    private static final class CrowdedBackend implements SharingBackend, ResidentBackend {
        private final ResidentCopies copies = new ResidentCopies(new Memory());

        @Override
        public DeviceMemory allocate(long bytes) {
            throw new UnsupportedOperationException("a device host shares memory");
        }

        @Override
        public DeviceMemory share(HostMemory memory) {
            return copies.share(memory);
        }

        @Override
        public boolean isResident() {
            return !copies.isEmpty();
        }

        @Override
        public long transferNanos() {
            return copies.transferNanos();
        }

        @Override
        public void evict() throws DeviceFault {
            copies.evict();
        }

        @Override
        public void compute(Operation operation, List<DeviceMemory> operands, Scalars scalars, long first, long end)
                throws DeviceFault {
            copies.begin(operation, operands);
            copies.end(operation, operands);
        }

        @Override
        public void close() {}
    }

    /** Of the device; nobody asks what is in it. */
    private static final class Memory implements ResidentCopies.Store {
        private final Map<Long, Long> sizes = new HashMap<>();
        private long handles;

        @Override
        public long allocate(long bytes) throws DeviceFault {
            long taken = sizes.values().stream().mapToLong(Long::longValue).sum();
            if (bytes > ROOM - taken) {
                throw new DeviceFault(
                        DeviceFault.Code.OUT_OF_MEMORY,
                        DeviceFault.Scope.COMMAND,
                        taken + " of " + ROOM + " bytes are taken");
            }
            sizes.put(++handles, bytes);
            return handles;
        }

        @Override
        public void free(long handle) {
            sizes.remove(handle);
        }

        @Override
        public void upload(long handle, long offset, ByteBuffer source) {}

        @Override
        public void download(long handle, long offset, ByteBuffer target) {}
    }
}
