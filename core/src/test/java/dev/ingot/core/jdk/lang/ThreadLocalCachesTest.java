package dev.ingot.core.jdk.lang;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.core.jdk.access.Slot;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThreadLocalCachesTest {
    @TempDir
    Path directory;

    @Test
    void nativeMemoryOfGatheringWritesIsLeftOut() throws Exception {
        try (FileChannel file =
                FileChannel.open(directory.resolve("f"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.write(new ByteBuffer[] {ByteBuffer.allocate(1), ByteBuffer.allocate(2)});
        }
        Object map = Slot.of(Thread.class, "threadLocals").get(Thread.currentThread());

        assertThat(Objects.requireNonNull(ThreadLocals.pairs(map)))
                .noneMatch(part -> part != null && part.getClass().getName().startsWith("sun.nio.ch."));
    }
}
