package dev.ingot.core.jdk.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DirectorySnapshotTest {
    @TempDir
    Path directory;

    @Test
    void whatVanishesWhileItIsListedHidesNothingBehindIt() throws IOException {
        Path first = Files.createFile(directory.resolve("first"));
        Path last = Files.createFile(directory.resolve("last"));

        assertThat(DirectorySnapshot.entries(List.of(first, directory.resolve("vanished"), last)))
                .containsOnlyKeys("first", "last");
    }

    @Test
    void aDirectoryThatIsGoneHasLostWhatWasInIt() throws IOException {
        Path watched = Files.createDirectory(directory.resolve("watched"));
        Path entry = Files.createFile(watched.resolve("entry"));
        Object[] before = DirectorySnapshot.of(watched);
        Files.delete(entry);
        Files.delete(watched);

        assertThat(DirectorySnapshot.changesSince(before, watched))
                .extracting(WatchServices.Change::kind)
                .containsExactly(StandardWatchEventKinds.ENTRY_DELETE);
    }

    @Test
    void whatCannotBeReadMayHaveChanged() {
        Path unreadable = directory.resolve("n".repeat(300));

        assertThat(DirectorySnapshot.changesSince(new Object[] {new String[0], new long[0]}, unreadable))
                .extracting(WatchServices.Change::kind)
                .hasToString("[OVERFLOW]");
    }
}
