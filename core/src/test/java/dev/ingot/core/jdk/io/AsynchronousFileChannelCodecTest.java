package dev.ingot.core.jdk.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AsynchronousFileChannelCodecTest {
    private final SmallImage image = new SmallImage();

    @TempDir
    Path directory;

    @Test
    void anOpenOneReadsAndWritesAgain() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "before");
        ExecutorService own = Executors.newFixedThreadPool(1);
        try (AsynchronousFileChannel channel =
                AsynchronousFileChannel.open(file, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE), own)) {
            Object[] copy = image.copy(new Object[] {channel, own});

            try (AsynchronousFileChannel restored = (AsynchronousFileChannel) copy[0]) {
                ByteBuffer read = ByteBuffer.allocate(6);
                assertThat(restored.read(read, 0).get()).isEqualTo(6);
                assertThat(new String(read.array(), StandardCharsets.UTF_8)).isEqualTo("before");
                restored.write(ByteBuffer.wrap(" and after".getBytes(StandardCharsets.UTF_8)), 6)
                        .get();
                assertThat(restored.size()).isEqualTo(16);
            } finally {
                ((ExecutorService) copy[1]).shutdown();
            }
        } finally {
            own.shutdown();
        }
        assertThat(file).hasContent("before and after");
    }

    @Test
    void aClosedOneStaysClosed() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        AsynchronousFileChannel channel =
                AsynchronousFileChannel.open(file, Set.of(StandardOpenOption.READ), Executors.newFixedThreadPool(1));
        channel.close();

        AsynchronousFileChannel restored = image.copy(channel);

        assertThat(restored.isOpen()).isFalse();
        assertThatThrownBy(restored::size).isInstanceOf(ClosedChannelException.class);
    }
}
