package dev.ingot.core.jdk.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.jdk.access.Slot;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FileReader;
import java.io.FileWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileCodecsTest {
    private final SmallImage image = new SmallImage();

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void writeFile() throws IOException {
        file = Files.writeString(directory.resolve("data.txt"), "first\nsecond\nthird\n");
    }

    @Test
    void readsOnFromTheSamePosition() throws Exception {
        try (FileInputStream stream = new FileInputStream(file.toFile())) {
            stream.skipNBytes(6);
            byte[] taken = image.write(stream);
            stream.skipNBytes(7);
            try (FileInputStream restored = image.read(taken)) {
                assertThat(new String(restored.readNBytes(6), StandardCharsets.US_ASCII))
                        .isEqualTo("second");
            }
        }
    }

    @Test
    void keepsWhatAReaderHasBufferedAndDecoded() throws Exception {
        try (BufferedReader reader = new BufferedReader(new FileReader(file.toFile(), StandardCharsets.UTF_8))) {
            reader.readLine();
            try (BufferedReader restored = image.copy(reader)) {
                assertThat(restored.lines()).containsExactly("second", "third");
            }
        }
    }

    @Test
    void writesEveryLineOnceThoughTheProgramWroteOnAfterTheCheckpoint() throws Exception {
        byte[] taken;
        try (PrintWriter writer =
                new PrintWriter(new BufferedWriter(new FileWriter(file.toFile(), StandardCharsets.UTF_8, true)))) {
            writer.println("before");
            writer.flush();
            writer.println("buffered");
            taken = image.write(writer);
            writer.println("after");
        }
        try (PrintWriter restored = image.read(taken)) {
            restored.println("resumed");
        }
        assertThat(Files.readAllLines(file))
                .containsExactly("first", "second", "third", "before", "buffered", "resumed");
    }

    @Test
    void cutsAFileThatAPlainOutputStreamWroteOnTo() throws Exception {
        byte[] taken;
        try (FileOutputStream stream = new FileOutputStream(file.toFile())) {
            stream.write("kept".getBytes(StandardCharsets.US_ASCII));
            taken = image.write(stream);
            stream.write("rolled back".getBytes(StandardCharsets.US_ASCII));
        }
        try (FileOutputStream restored = image.read(taken)) {
            restored.write('!');
        }
        assertThat(file).hasContent("kept!");
    }

    @Test
    void givesARandomlyWrittenFileItsBytesBack() throws Exception {
        try (RandomAccessFile random = new RandomAccessFile(file.toFile(), "rw")) {
            random.seek(6);
            byte[] taken = image.write(random);
            random.seek(0);
            random.writeBytes("FIRST\nSECOND\nTHIRD\nFOURTH\n");
            try (RandomAccessFile restored = image.read(taken)) {
                assertThat(restored.getFilePointer()).isEqualTo(6);
                assertThat(restored.readLine()).isEqualTo("second");
                restored.writeBytes("other");
            }
        }
        assertThat(file).hasContent("first\nsecond\nother\n");
    }

    @Test
    void readsPrimitivesThroughARestoredRandomAccessFile() throws Exception {
        try (RandomAccessFile random = new RandomAccessFile(file.toFile(), "rw")) {
            random.writeLong(0x1122334455667788L);
            random.seek(0);
            try (RandomAccessFile restored = image.copy(random)) {
                assertThat(restored.readLong()).isEqualTo(0x1122334455667788L);
            }
        }
    }

    @Test
    void bringsBackARandomlyWrittenFileThatIsGone() throws Exception {
        byte[] taken;
        try (RandomAccessFile random = new RandomAccessFile(file.toFile(), "rw")) {
            taken = image.write(random);
        }
        Files.delete(file);
        try (RandomAccessFile restored = image.read(taken)) {
            assertThat(restored.readLine()).isEqualTo("first");
        }
    }

    @Test
    void refusesALargeRandomlyWrittenFileThatChanged() throws Exception {
        SmallImage tight = new SmallImage(new FilePolicy(false, 4));
        byte[] taken;
        try (RandomAccessFile random = new RandomAccessFile(file.toFile(), "rw")) {
            taken = tight.write(random);
            random.writeBytes("x");
            random.seek(100);
            random.write(1);
        }
        assertThatThrownBy(() -> tight.read(taken))
                .isInstanceOf(NotRestorableException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("expected 19 bytes")
                .hasMessageContaining("found 101 bytes");
    }

    @Test
    void refusesAMissingFileByName() throws Exception {
        byte[] taken;
        try (FileInputStream stream = new FileInputStream(file.toFile())) {
            taken = image.write(stream);
        }
        Files.delete(file);
        assertThatThrownBy(() -> image.read(taken))
                .isInstanceOf(NotRestorableException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("missing")
                .hasMessageContaining("19 bytes");
    }

    @Test
    void refusesAnAppendedFileThatLostBytes() throws Exception {
        byte[] taken;
        try (FileOutputStream stream = new FileOutputStream(file.toFile(), true)) {
            taken = image.write(stream);
        }
        Files.writeString(file, "short");
        assertThatThrownBy(() -> image.read(taken))
                .isInstanceOf(NotRestorableException.class)
                .hasMessageContaining("at least the 19 bytes")
                .hasMessageContaining("found 5");
    }

    @Test
    void refusesAChangedInputUnlessTold() throws Exception {
        byte[] taken;
        try (FileInputStream stream = new FileInputStream(file.toFile())) {
            taken = image.write(stream);
        }
        Files.writeString(file, "quite another content");
        assertThatThrownBy(() -> image.read(taken))
                .isInstanceOf(NotRestorableException.class)
                .hasMessageContaining("files=accept");
        try (FileInputStream accepted = new SmallImage(new FilePolicy(true, 0)).read(taken)) {
            assertThat(accepted.read()).isEqualTo('q');
        }
    }

    @Test
    void readsAFileThatTheSameProgramAppendsTo() throws Exception {
        byte[] taken;
        try (FileOutputStream writer = new FileOutputStream(file.toFile(), true);
                FileInputStream reader = new FileInputStream(file.toFile())) {
            taken = image.write(new Object[] {reader, writer});
            writer.write("fourth\n".getBytes(StandardCharsets.US_ASCII));
        }
        Object[] restored = image.read(taken);
        try (FileInputStream reader = (FileInputStream) restored[0];
                FileOutputStream writer = (FileOutputStream) restored[1]) {
            writer.write("4\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(reader.readAllBytes(), StandardCharsets.US_ASCII))
                    .isEqualTo("first\nsecond\nthird\n4\n");
        }
    }

    @Test
    void keepsADeletedFileThatIsStillOpen() throws Exception {
        try (RandomAccessFile random = new RandomAccessFile(file.toFile(), "rw")) {
            Files.delete(file);
            random.seek(13);
            try (RandomAccessFile restored = image.copy(random)) {
                assertThat(restored.readLine()).isEqualTo("third");
                assertThat(file).doesNotExist();
            }
        }
    }

    @Test
    void closedStreamsStayClosed() throws Exception {
        FileInputStream stream = new FileInputStream(file.toFile());
        stream.close();
        FileInputStream restored = image.copy(stream);
        assertThat(restored.getFD().valid()).isFalse();
        assertThatThrownBy(restored::read).isInstanceOf(IOException.class).hasMessageContaining("Closed");
    }

    @Test
    void streamsOverOneDescriptorStillShareIt() throws Exception {
        try (RandomAccessFile random = new RandomAccessFile(file.toFile(), "rw");
                FileInputStream stream = new FileInputStream(random.getFD())) {
            Object[] restored = image.copy(new Object[] {random, stream});
            try (RandomAccessFile randomAgain = (RandomAccessFile) restored[0]) {
                randomAgain.seek(6);
                assertThat(((FileInputStream) restored[1]).read()).isEqualTo('s');
            }
            assertThatThrownBy(() -> ((FileInputStream) restored[1]).read()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void standardStreamsAreThoseOfTheNewProcess() throws Exception {
        FileOutputStream stream = new FileOutputStream(FileDescriptor.out);
        assertThat(image.copy(stream).getFD()).isSameAs(FileDescriptor.out);
    }

    @Test
    void devicesAreOpenedAgain() throws Exception {
        try (FileInputStream stream = new FileInputStream("/dev/zero");
                FileInputStream restored = image.copy(stream)) {
            assertThat(restored.readNBytes(2)).containsExactly(0, 0);
        }
    }

    @Test
    void unreachableRestoredDescriptorsAreRegisteredForCleanup() throws Exception {
        try (FileInputStream stream = new FileInputStream(file.toFile());
                FileInputStream restored = image.copy(stream)) {
            Slot cleanup = Slot.of(FileDescriptor.class, "cleanup");
            assertThat(cleanup.get(restored.getFD())).isNotNull().isNotSameAs(cleanup.get(stream.getFD()));
        }
    }

    @Test
    void channelKeepsPositionModeAndContent() throws Exception {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.position(6);
            byte[] taken = image.write(channel);
            channel.write(ByteBuffer.wrap("SECOND".getBytes(StandardCharsets.US_ASCII)));
            try (FileChannel restored = image.read(taken)) {
                ByteBuffer read = ByteBuffer.allocate(6);
                assertThat(restored.position()).isEqualTo(6);
                restored.read(read);
                assertThat(read.array()).asString(StandardCharsets.US_ASCII).isEqualTo("second");
                restored.write(ByteBuffer.wrap("!".getBytes(StandardCharsets.US_ASCII)), 0);
            }
        }
        assertThat(file).hasContent("!irst\nsecond\nthird\n");
    }

    @Test
    void appendingChannelAppends() throws Exception {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.APPEND);
                FileChannel restored = image.copy(channel)) {
            restored.write(ByteBuffer.wrap("end".getBytes(StandardCharsets.US_ASCII)));
        }
        assertThat(file).hasContent("first\nsecond\nthird\nend");
    }

    @Test
    void channelOfAStreamClosesWithIt() throws Exception {
        try (FileInputStream stream = new FileInputStream(file.toFile())) {
            stream.getChannel().position(6);
            FileInputStream restored = image.copy(stream);
            FileChannel channel = restored.getChannel();
            assertThat(channel.position()).isEqualTo(6);
            restored.close();
            assertThat(channel.isOpen()).isFalse();
        }
    }

    @Test
    void blockedOperationsOfARestoredChannelCanBeInterrupted() throws Exception {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                FileChannel restored = image.copy(channel)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> restored.read(ByteBuffer.allocate(1)))
                    .isInstanceOf(java.nio.channels.ClosedByInterruptException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void locksAreTakenAgain() throws Exception {
        byte[] taken;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            FileLock lock = channel.lock(2, 5, false);
            taken = image.write(new Object[] {channel, lock});
        }
        Object[] restored = image.read(taken);
        try (FileChannel channel = (FileChannel) restored[0]) {
            FileLock lock = (FileLock) restored[1];
            assertThat(lock.isValid()).isTrue();
            assertThat(lock.acquiredBy()).isSameAs(channel);
            assertThatThrownBy(() -> channel.tryLock(3, 1, false)).isInstanceOf(OverlappingFileLockException.class);
            lock.release();
            assertThat(channel.tryLock(3, 1, false)).isNotNull();
        }
    }
}
