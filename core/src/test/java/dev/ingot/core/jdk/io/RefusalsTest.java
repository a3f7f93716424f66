package dev.ingot.core.jdk.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.core.heap.NotCapturableException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RefusalsTest {
    private final SmallImage image = new SmallImage();

    @TempDir
    Path directory;

    @Test
    void asynchronousChannelsAreRefusedWhileTheyLock() throws Exception {
        try (AsynchronousFileChannel file = AsynchronousFileChannel.open(
                        directory.resolve("f"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = file.lock().get()) {
            assertThat(lock.isValid()).isTrue();
            assertThatThrownBy(() -> image.write(file)).hasMessageContaining("AsynchronousFileChannel");
        }
    }

    @Test
    void runningChildIsRefusedByNumberAndCommand() throws Exception {
        Process child = new ProcessBuilder("sleep", "1000").start();
        try {
            assertThatThrownBy(() -> image.write(child))
                    .isInstanceOf(NotCapturableException.class)
                    .hasMessageContaining(String.valueOf(child.pid()))
                    .hasMessageContaining("sleep 1000");
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    @Test
    void outputOfARunningChildIsRefusedWithoutTheChild() throws Exception {
        Process child = new ProcessBuilder("sleep", "1000").start();
        try {
            assertThatThrownBy(() -> image.write(child.getInputStream()))
                    .isInstanceOf(NotCapturableException.class)
                    .hasMessageContaining("pipe:")
                    .hasMessageContaining("running child");
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    @Test
    void endedChildKeepsItsExitValueAndOutput() throws Exception {
        Process child = new ProcessBuilder("sh", "-c", "echo said; exit 3").start();
        assertThat(child.waitFor()).isEqualTo(3);
        Process restored = image.copy(child);
        assertThat(restored.waitFor()).isEqualTo(3);
        assertThat(restored.exitValue()).isEqualTo(3);
        assertThat(restored.pid()).isEqualTo(child.pid());
        assertThat(restored.isAlive()).isFalse();
        assertThat(restored.getInputStream().readAllBytes()).asString().isEqualTo("said\n");
    }
}
