package dev.ingot.core.jdk.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.core.heap.NotRestorableException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.MappedByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BufferCodecTest {
    private final SmallImage image = new SmallImage();

    @TempDir
    Path directory;

    @Test
    void directBufferKeepsContentCursorsAndOrder() throws Exception {
        ByteBuffer buffer = ByteBuffer.allocateDirect(3 << 20).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(1 << 20, 42).position(7).mark().position(9).limit(1000);
        ByteBuffer restored = image.copy(buffer);
        assertThat(restored.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
        assertThat(restored.position()).isEqualTo(9);
        assertThat(restored.limit()).isEqualTo(1000);
        assertThat(restored.reset().position()).isEqualTo(7);
        assertThat(restored.clear().getLong(1 << 20)).isEqualTo(42);
        restored.putLong(1 << 20, 43);
        assertThat(buffer.clear().getLong(1 << 20)).as("memory of its own").isEqualTo(42);
    }

    @Test
    void viewsShareTheMemoryOfTheirOwnerWhicheverComesFirst() throws Exception {
        ByteBuffer owner = ByteBuffer.allocateDirect(64);
        ByteBuffer slice = owner.position(16).slice();
        LongBuffer longs = slice.order(ByteOrder.nativeOrder()).asLongBuffer();
        IntBuffer swapped = owner.order(
                        ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN
                                ? ByteOrder.LITTLE_ENDIAN
                                : ByteOrder.BIG_ENDIAN)
                .asIntBuffer();
        ByteBuffer unaligned = owner.position(1).slice();
        IntBuffer odd = unaligned.asIntBuffer();
        for (Object[] order :
                new Object[][] {{owner, slice, longs, swapped, odd}, {odd, swapped, longs, slice, owner}}) {
            Object[] restored = image.copy(order);
            boolean ownerFirst = order[0] == owner;
            ByteBuffer ownerAgain = (ByteBuffer) restored[ownerFirst ? 0 : 4];
            LongBuffer longsAgain = (LongBuffer) restored[2];
            IntBuffer swappedAgain = (IntBuffer) restored[ownerFirst ? 3 : 1];
            IntBuffer oddAgain = (IntBuffer) restored[ownerFirst ? 4 : 0];
            longsAgain.put(0, 0x0102030405060708L);
            assertThat(ownerAgain.order(ByteOrder.nativeOrder()).getLong(16)).isEqualTo(0x0102030405060708L);
            assertThat(Integer.reverseBytes(swappedAgain.get(0))).isEqualTo(ownerAgain.getInt(16));
            oddAgain.put(0, 99);
            assertThat(ownerAgain.order(ByteOrder.BIG_ENDIAN).getInt(1)).isEqualTo(99);
        }
    }

    @Test
    void readOnlyVariantsStayReadOnly() throws Exception {
        ByteBuffer owner = ByteBuffer.allocateDirect(8).putInt(0, 5);
        ByteBuffer restored = image.copy(owner.asReadOnlyBuffer());
        assertThat(restored.isReadOnly()).isTrue();
        assertThat(restored.getInt(0)).isEqualTo(5);
        assertThatThrownBy(() -> restored.put(0, (byte) 1)).isInstanceOf(ReadOnlyBufferException.class);
    }

    @Test
    void heapBuffersShareTheirArray() throws Exception {
        byte[] array = new byte[32];
        ByteBuffer whole = ByteBuffer.wrap(array);
        ByteBuffer slice = whole.position(8).slice();
        CharBuffer chars = slice.asCharBuffer();
        Object[] restored = image.copy(new Object[] {chars, slice, array});
        ((CharBuffer) restored[0]).put(1, 'x');
        assertThat(((ByteBuffer) restored[1]).getChar(2)).isEqualTo('x');
        assertThat(((byte[]) restored[2])[11]).isEqualTo((byte) 'x');
    }

    @Test
    void stringBuffersAndEmptyBuffersAreCarried() throws Exception {
        CharBuffer text = CharBuffer.wrap("hello");
        text.get();
        assertThat((Object) image.copy(text)).hasToString("ello");
        assertThat(image.copy(ByteBuffer.allocateDirect(0)).capacity()).isZero();
    }

    @Test
    void sharedMappingWritesToItsFileAndIsRolledBack() throws Exception {
        Path file = directory.resolve("map.bin");
        MappedByteBuffer map = map(file, MapMode.READ_WRITE, 4096 + 16, 8192);
        map.putLong(0, 7);
        byte[] taken = image.write(map);
        map.putLong(0, 8);
        MappedByteBuffer restored = image.read(taken);
        assertThat(restored.getLong(0)).isEqualTo(7);
        restored.putLong(8, 9);
        restored.force();
        ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(file));
        assertThat(content.getLong(4096 + 16)).isEqualTo(7);
        assertThat(content.getLong(4096 + 24)).isEqualTo(9);
    }

    @Test
    void sharedMappingOfAWholeFileBringsTheFileBack() throws Exception {
        Path file = directory.resolve("map.bin");
        byte[] taken = image.write(map(file, MapMode.READ_WRITE, 0, 64).putLong(0, 7));
        Files.delete(file);
        MappedByteBuffer restored = image.read(taken);
        assertThat(restored.getLong(0)).isEqualTo(7);
        assertThat(Files.size(file)).isEqualTo(64);
    }

    @Test
    void readOnlyMappingNeedsTheSameFile() throws Exception {
        Path file = Files.write(directory.resolve("map.bin"), new byte[] {1, 2, 3, 4});
        byte[] taken;
        try (FileChannel channel = FileChannel.open(file)) {
            taken = image.write(channel.map(MapMode.READ_ONLY, 1, 3));
        }
        ByteBuffer restored = image.read(taken);
        assertThat(restored.get(0)).isEqualTo((byte) 2);
        assertThat(restored.isReadOnly()).isTrue();
        Files.write(file, new byte[] {1, 2, 3, 4, 5});
        assertThatThrownBy(() -> image.read(taken))
                .isInstanceOf(NotRestorableException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("expected 4 bytes");
    }

    @Test
    void privateMappingKeepsItsOwnBytes() throws Exception {
        Path file = Files.write(directory.resolve("map.bin"), new byte[] {1, 2, 3, 4});
        MappedByteBuffer map = map(file, MapMode.PRIVATE, 0, 4);
        map.put(1, (byte) 9);
        MappedByteBuffer restored = image.copy(map);
        assertThat(restored.get(1)).isEqualTo((byte) 9);
        restored.put(2, (byte) 9);
        assertThat(Files.readAllBytes(file)).containsExactly(1, 2, 3, 4);
    }

    @Test
    void mappingOfADeletedFileIsKept() throws Exception {
        Path file = directory.resolve("map.bin");
        MappedByteBuffer map = map(file, MapMode.READ_WRITE, 0, 64);
        map.putLong(8, 5);
        Files.delete(file);
        assertThat(image.copy(map).getLong(8)).isEqualTo(5);
        assertThat(file).doesNotExist();
    }

    /** As by databases that read their tables so and delete them when they have merged them. */
    @Test
    void readOnlyMappingOfADeletedFileIsKept() throws Exception {
        Path file = Files.write(directory.resolve("map.bin"), new byte[] {1, 2, 3, 4});
        ByteBuffer map;
        try (FileChannel channel = FileChannel.open(file)) {
            map = channel.map(MapMode.READ_ONLY, 1, 3);
        }
        Files.delete(file);
        for (int generation = 0; generation < 2; generation++) {
            map = image.copy(map);
            assertThat(map.get(1)).isEqualTo((byte) 3);
            assertThat(map.isReadOnly()).isTrue();
        }
        assertThat(file).doesNotExist();
    }

    private static MappedByteBuffer map(Path file, MapMode mode, long position, long size) throws Exception {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(mode, position, size);
        }
    }
}
