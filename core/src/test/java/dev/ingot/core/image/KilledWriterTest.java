package dev.ingot.core.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A writer that dies by {@code kill -9} at a random moment takes nothing with it that was complete. */
class KilledWriterTest {
    private static final int KILLS = 6;

    @TempDir
    Path directory;

    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void leavesEveryCompletedImageReadable() throws IOException, InterruptedException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Path images = directory.resolve("images");
        ImageStore store = ImageStore.at(images);
        long reported = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            Path output = directory.resolve("output-" + kill);
            Process writer = startWriter(images, output);
            await().atMost(Duration.ofMinutes(5)).until(() -> Files.size(output) > 0);
            LockSupport.parkNanos(random.nextInt(300_000_000));
            writer.destroyForcibly().waitFor();

            List<String> lines = Files.readString(output, UTF_8).lines().toList();
            reported = Long.parseLong(lines.get(lines.size() - 1));
            ImageHandle newest = store.newestComplete(SampleImages.NAME).orElseThrow();
            // The image after the last one reported may have been complete, too.
            assertThat(newest.manifest().sequence()).as("seed %d", seed).isBetween(reported, reported + 1);
            assertThat(ImageStore.verify(newest).broken()).as("seed %d", seed).isEmpty();
            SampleImages.prune(store, 2);
        }

        SampleImages.write(store, SampleImages.SMALL);
        try (Stream<Path> entries = Files.list(images.resolve(SampleImages.NAME))) {
            assertThat(entries.map(entry -> entry.getFileName().toString()))
                    .as("what dead writers left is gone")
                    .noneMatch(name -> name.startsWith(".writing-"));
        }
        assertThat(reported).isGreaterThanOrEqualTo(KILLS);
    }

    /** The second writer of this process looks whether the first one lives, which must not make it pass for dead elsewhere. */
    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void isNotTakenForDeadByAnotherProcess() throws IOException, InterruptedException {
        Path images = directory.resolve("images");
        ImageStore store = ImageStore.at(images);
        try (ImageWriter first = store.begin(SampleImages.description());
                ImageWriter second = store.begin(SampleImages.description())) {
            Path output = directory.resolve("output");
            Process other = startWriter(images, output);
            await().atMost(Duration.ofMinutes(5)).until(() -> Files.size(output) > 0);
            other.destroyForcibly().waitFor();

            assertThat(ImageStore.verify(first.commit(SampleImages.contents())).isIntact())
                    .isTrue();
            assertThat(ImageStore.verify(second.commit(SampleImages.contents())).isIntact())
                    .isTrue();
        }
    }

    private static Process startWriter(Path images, Path output) throws IOException {
        Files.createFile(output);
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        EndlessWriter.class.getName(),
                        images.toString())
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
