package dev.ingot.accelerator.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.accelerator.share.SharedSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SharedDirectoryTest {
    private static final long SIZE = 130 << 20;

    @Test
    void whatThereIsNoRoomForIsNotWritten() throws Exception {
        try (SharedDirectory directory = SharedDirectory.create()) {
            assertThatThrownBy(() -> directory.newFile(SharedSpace.free() + (1L << 40)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("bytes left in " + SharedSpace.root());
            assertNothingIn(directory);
        }
    }

    /** Others write at the same time. */
    @Test
    void whatThereIsNoRoomForAnyMoreIsGivenBack() throws Exception {
        Iterator<Long> room = List.of(SIZE, SIZE, 1L << 20, 1L << 20).iterator();
        try (SharedDirectory directory = SharedDirectory.create()) {
            assertThatThrownBy(() -> directory.newFile(SIZE, room::next))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining((1L << 20) + " bytes left");
            assertNothingIn(directory);
        }
    }

    /** Which takes room that this one can have. */
    @Test
    void whatAProgramLeftIsRemovedBeforeAnythingIsRefused() throws Exception {
        try (SharedDirectory directory = SharedDirectory.create()) {
            // No process has this number.
            Path left = Files.createTempDirectory(SharedSpace.root(), "ingot-device-0-");
            Files.createFile(left.resolve("lock"));
            Files.createFile(left.resolve("memory-0"));

            Path file = directory.newFile(10, () -> Files.exists(left) ? 9 : 10);
            assertThat(file).hasSize(10);
            assertThat(left).doesNotExist();
        }
    }

    private static void assertNothingIn(SharedDirectory directory) throws IOException {
        try (Stream<?> files = Files.list(directory.path())
                .filter(file -> file.getFileName().toString().startsWith("memory"))) {
            assertThat(files).isEmpty();
        }
    }
}
