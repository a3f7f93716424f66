package dev.ingot.accelerator.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostMemoryTest {
    private static final long LARGE = (5L << 30) + 13;

    @TempDir
    private Path directory;

    /** The file has holes, so this takes no more room than what is written. */
    @Test
    void mapsFilesLargerThanAnArray() throws IOException {
        HostMemory memory = map("large", LARGE);
        memory.putLong(1L << 32, 0x0123456789abcdefL);
        memory.putByte(LARGE - 1, (byte) 5);
        ByteBuffer across = ByteBuffer.allocate(1000);
        across.put(7, (byte) 9);
        long segment = HostMemory.LARGEST_SEGMENT;
        memory.write(3 * segment - 7, across);

        HostMemory same = map("large", LARGE);
        assertThat(same.size()).isEqualTo(LARGE);
        assertThat(same.getLong(1L << 32)).isEqualTo(0x0123456789abcdefL);
        assertThat(same.getByte(LARGE - 1)).isEqualTo((byte) 5);
        assertThat(same.getByte(3 * segment)).isEqualTo((byte) 9);
        ByteBuffer read = ByteBuffer.allocate(1000);
        same.read(3 * segment - 7, read);
        assertThat(read.flip()).isEqualTo(across.flip());
    }

    @Test
    void floatsLieAcrossSegments() throws IOException {
        HostMemory memory = map("floats", HostMemory.LARGEST_SEGMENT + 16);
        float[] values = {1, 2, 3, 4, 5};
        memory.putFloats(HostMemory.LARGEST_SEGMENT - 8, values);

        float[] read = new float[5];
        memory.getFloats(HostMemory.LARGEST_SEGMENT - 8, read);
        assertThat(read).containsExactly(values);
        assertThat(memory.getFloat(HostMemory.LARGEST_SEGMENT)).isEqualTo(3);
    }

    @Test
    void isSeenAsABufferAndOverOne() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(24).position(3);
        HostMemory memory = HostMemory.over(buffer);
        memory.putByte(8, (byte) 5);
        assertThat(buffer.get(8)).isEqualTo((byte) 5);
        assertThat(memory.size()).isEqualTo(24);
        ByteBuffer seen = memory.as(ByteBuffer.class).orElseThrow();
        seen.putInt(4, 1);
        assertThat(memory.getInt(4)).isOne();

        assertThat(map("whole", HostMemory.LARGEST_SEGMENT + 1).as(ByteBuffer.class))
                .isEmpty();
        assertThat(memory.as(String.class)).isEmpty();
        assertThatThrownBy(() -> HostMemory.over("memory"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.String is no memory");
    }

    @Test
    void refusesWhatLiesOutside() {
        HostMemory memory = HostMemory.allocate(10);

        assertThatThrownBy(() -> memory.write(8, ByteBuffer.allocate(3))).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> memory.read(-1, ByteBuffer.allocate(1))).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> HostMemory.allocate(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    private HostMemory map(String name, long size) throws IOException {
        try (FileChannel file = FileChannel.open(
                directory.resolve(name),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            if (file.size() < size) {
                file.write(ByteBuffer.allocate(1), size - 1);
            }
            return HostMemory.map(file);
        }
    }
}
