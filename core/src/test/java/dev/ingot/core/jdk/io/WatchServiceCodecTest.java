package dev.ingot.core.jdk.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchServiceCodecTest {
    private final SmallImage image = new SmallImage();

    @TempDir
    Path directory;

    @BeforeEach
    void fill() throws IOException {
        Files.writeString(directory.resolve("old"), "old");
        Files.writeString(directory.resolve("lost"), "lost");
    }

    @Test
    void whatHappensAfterTheResumeIsSeen() throws Exception {
        try (WatchService watch = FileSystems.getDefault().newWatchService()) {
            WatchKey key = directory.register(watch, StandardWatchEventKinds.ENTRY_CREATE);

            Object[] copy = image.copy(new Object[] {watch, key});
            WatchServices.startAll();

            try (WatchService restored = (WatchService) copy[0]) {
                assertThat(((WatchKey) copy[1]).isValid()).isTrue();
                Files.writeString(directory.resolve("new"), "new");
                WatchKey told = restored.poll(1, TimeUnit.MINUTES);
                assertThat(told).isSameAs(copy[1]);
                assertThat(told.pollEvents()).singleElement().satisfies(event -> {
                    assertThat(event.kind()).isEqualTo(StandardWatchEventKinds.ENTRY_CREATE);
                    assertThat(event.context()).isEqualTo(Path.of("new"));
                });
            }
        }
    }

    @Test
    void whatHappensInBetweenIsToldAsFarAsItWasAsked() throws Exception {
        try (WatchService watch = FileSystems.getDefault().newWatchService()) {
            WatchKey all = directory.register(
                    watch,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_DELETE,
                    StandardWatchEventKinds.ENTRY_MODIFY);
            Path inner = Files.createDirectory(directory.resolve("inner"));
            assertThat(watch.poll(1, TimeUnit.MINUTES)).isSameAs(all);
            all.pollEvents();
            all.reset();
            inner.register(watch, StandardWatchEventKinds.ENTRY_DELETE);
            byte[] written = image.write(watch);

            Files.delete(directory.resolve("lost"));
            Files.writeString(directory.resolve("new"), "new");
            Files.writeString(directory.resolve("old"), "older");
            Files.writeString(inner.resolve("unasked"), "");
            WatchService restored = image.read(written);
            WatchServices.startAll();

            try (restored) {
                WatchKey told = Objects.requireNonNull(restored.poll());
                List<String> events = new ArrayList<>();
                for (WatchEvent<?> event : told.pollEvents()) {
                    events.add(event.kind() + " " + event.context());
                }
                assertThat(events)
                        .containsExactlyInAnyOrder(
                                "ENTRY_DELETE lost", "ENTRY_MODIFY inner", "ENTRY_MODIFY old", "ENTRY_CREATE new");
                assertThat(restored.poll()).isNull();
            }
        }
    }

    @Test
    void aDirectoryThatHasGoneIsToldAsSuch() throws Exception {
        Path inner = Files.createDirectory(directory.resolve("inner"));
        try (WatchService watch = FileSystems.getDefault().newWatchService()) {
            inner.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
            byte[] written = image.write(watch);

            Files.delete(inner);
            WatchService restored = image.read(written);
            WatchServices.startAll();

            try (restored) {
                WatchKey told = Objects.requireNonNull(restored.poll());
                assertThat(told.isValid()).isFalse();
                assertThat(told.reset()).isFalse();
            }
        }
    }

    @Test
    void aClosedOneStaysClosed() throws Exception {
        WatchService watch = FileSystems.getDefault().newWatchService();
        watch.close();

        WatchService restored = image.copy(watch);

        assertThatThrownBy(restored::poll).isInstanceOf(ClosedWatchServiceException.class);
    }
}
