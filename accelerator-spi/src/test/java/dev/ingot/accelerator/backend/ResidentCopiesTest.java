package dev.ingot.accelerator.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.memory.HostMemory;
import dev.ingot.accelerator.operation.Operation;
import dev.ingot.accelerator.standard.StandardOperations;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What goes to a device with {@value #ROOM} bytes, and what comes back. */
class ResidentCopiesTest {
    private static final Operation ADD = StandardOperations.ADD_F32;
    private static final int ROOM = 100;

    private final Memory device = new Memory();
    private final ResidentCopies copies = new ResidentCopies(device);
    private final HostMemory content = HostMemory.allocate(30);
    private final DeviceMemory a = copies.share(content);
    private final DeviceMemory b = copies.share(HostMemory.allocate(30));
    private final HostMemory results = HostMemory.allocate(30);
    private final DeviceMemory c = copies.share(results);

    /** The device's; counts what is copied. */
    private static final class Memory implements ResidentCopies.Store {
        final Map<Long, byte[]> parts = new LinkedHashMap<>();
        private long handles;
        int up;
        int down;

        byte[] part(long handle) {
            return Objects.requireNonNull(parts.get(handle));
        }

        @Override
        public long allocate(long bytes) throws DeviceFault {
            if (parts.values().stream().mapToLong(part -> part.length).sum() + bytes > ROOM) {
                throw new DeviceFault(DeviceFault.Code.OUT_OF_MEMORY, DeviceFault.Scope.COMMAND, "full");
            }
            parts.put(++handles, new byte[(int) bytes]);
            return handles;
        }

        @Override
        public void free(long handle) {
            assertThat(parts.remove(handle)).isNotNull();
        }

        @Override
        public void upload(long handle, long offset, ByteBuffer source) {
            up += source.capacity();
            source.duplicate().clear().get(part(handle), (int) offset, source.capacity());
        }

        @Override
        public void download(long handle, long offset, ByteBuffer target) {
            down += target.capacity();
            target.duplicate().clear().put(part(handle), (int) offset, target.capacity());
        }
    }

    /** A step that leaves {@code result} at the beginning of what it writes. */
    private long[] step(int result, DeviceMemory... operands) throws DeviceFault {
        device.up = 0;
        device.down = 0;
        long[] handles = copies.begin(ADD, List.of(operands));
        device.part(handles[2])[0] = (byte) result;
        copies.end(ADD, List.of(operands));
        return handles;
    }

    @Test
    void aSecondStepWithTheSameOperandsUploadsNothing() throws Exception {
        long[] handles = step(7, a, b, c);
        assertThat(device.up).isEqualTo(90);
        assertThat(device.down).isEqualTo(30);
        assertThat(results.getByte(0)).isEqualTo((byte) 7);

        assertThat(step(8, a, b, c)).isEqualTo(handles);
        assertThat(device.up).isZero();
        assertThat(device.down).isEqualTo(30);
        assertThat(results.getByte(0)).isEqualTo((byte) 8);
    }

    @Test
    void whatTheProgramChangesIsInTheNextStep() throws Exception {
        step(7, a, b, c);
        content.putByte(11, (byte) 3);
        ((ResidentMemory) a).changed(11, 1);
        content.putByte(20, (byte) 4);
        ((ResidentMemory) a).changed(20, 1);

        long[] handles = step(7, a, b, c);
        assertThat(device.up).isEqualTo(10);
        assertThat(device.part(handles[0])[11]).isEqualTo((byte) 3);
        assertThat(device.part(handles[0])[20]).isEqualTo((byte) 4);
    }

    @Test
    void whatWasNotNeededForLongestGoesFirst() throws Exception {
        DeviceMemory other = copies.share(HostMemory.allocate(30));
        step(7, a, b, c);
        step(7, b, b, c);

        // Instead of a.
        step(7, other, b, c);
        assertThat(device.up).isEqualTo(30);
        assertThat(device.parts).hasSize(3);
        step(7, other, b, c);
        assertThat(device.up).isZero();
        step(7, a, b, c);
        assertThat(device.up).isEqualTo(30);
    }

    @Test
    void aStepThatDoesNotFitIsRefused() throws Exception {
        DeviceMemory large = copies.share(HostMemory.allocate(50));

        assertThatThrownBy(() -> step(7, large, a, c))
                .isInstanceOfSatisfying(
                        DeviceFault.class, fault -> assertThat(fault.code()).isEqualTo(DeviceFault.Code.OUT_OF_MEMORY));
        step(7, a, b, c);
    }

    /** Nobody knows what it has left. */
    @Test
    void whatAStepThatFailedMayHaveWrittenIsBroughtAgain() throws Exception {
        step(7, a, b, c);
        long[] handles = copies.begin(ADD, List.of(a, b, c));
        device.part(handles[2])[0] = 99;

        device.up = 0;
        copies.begin(ADD, List.of(a, b, c));
        assertThat(device.up).isEqualTo(30);
        assertThat(device.part(handles[2])[0]).isEqualTo((byte) 7);
    }

    @Test
    void whatIsEvictedOrClosedIsNotInTheDevice() throws Exception {
        assertThat(copies.isEmpty()).isTrue();
        step(7, a, b, c);
        assertThat(copies.isEmpty()).isFalse();
        a.close();
        assertThat(device.parts).hasSize(2);
        copies.evict();
        copies.evict();
        assertThat(copies.isEmpty()).isTrue();
        assertThat(device.parts).isEmpty();

        step(8, b, b, c);
        assertThat(device.up).isEqualTo(60);
    }
}
