package dev.ingot.core.handover;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FreeMemoryTest {
    @TempDir
    private Path root;

    @Test
    void isWhatTheMachineHasLeft() throws IOException {
        write("proc/meminfo", "MemTotal: 900 kB\nMemAvailable:    300 kB\n");

        assertThat(FreeMemory.bytes(root)).isEqualTo(300 << 10);
    }

    @Test
    void isWhatTheLimitOfTheGroupLeaves() throws IOException {
        write("proc/meminfo", "MemAvailable: 300 kB\n");
        write("sys/fs/cgroup/memory.max", "5000\n");
        write("sys/fs/cgroup/memory.current", "2000\n");

        assertThat(FreeMemory.bytes(root)).isEqualTo(3000);
    }

    @Test
    void takesNoLimitForNone() throws IOException {
        write("proc/meminfo", "MemAvailable: 300 kB\n");
        write("sys/fs/cgroup/memory.max", "max\n");
        write("sys/fs/cgroup/memory.current", "2000\n");

        assertThat(FreeMemory.bytes(root)).isEqualTo(300 << 10);
    }

    @Test
    void isGuessedWhereNothingIsTold() {
        assertThat(FreeMemory.bytes(root)).isPositive();
    }

    private void write(String name, String content) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
