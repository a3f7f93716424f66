package dev.ingot.core.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wherever a write fails, the error says so, nothing of the new image stays and the one before it is whole. */
class FullDiskTest {
    @TempDir
    Path directory;

    @Test
    void keepsThePreviousImageWhereverWritingFails() throws IOException {
        ImageHandle previous = SampleImages.write(ImageStore.at(directory), SampleImages.SMALL);
        int operations = 0;
        FailingDisk disk = new FailingDisk(operations);
        while (!isWritten(disk)) {
            assertThat(disk.failures()).isPositive();
            assertThat(entriesOf(directory.resolve(SampleImages.NAME)))
                    .as("after %d operations", operations)
                    .containsExactlyInAnyOrder(
                            ".lock", String.valueOf(previous.directory().getFileName()));
            assertThat(ImageStore.verify(ImageStore.open(previous.directory())).isIntact())
                    .isTrue();
            disk = new FailingDisk(++operations);
        }
        assertThat(operations).isGreaterThan(10);
        assertThat(ImageStore.at(directory).list(SampleImages.NAME)).hasSize(2);
    }

    @Test
    void failsLargeImagesAsSoonAsTheDiskIsFull() throws IOException {
        byte[] noise = new byte[20 << 20];
        new Random(1).nextBytes(noise);
        FailingDisk disk = new FailingDisk(8);

        assertThat(isWritten(disk, Map.of("heap", noise))).isFalse();

        assertThat(disk.failures()).as("chunks tried after the first failure").isLessThan(12);
        assertThat(entriesOf(directory.resolve(SampleImages.NAME))).containsExactly(".lock");
    }

    private boolean isWritten(FailingDisk disk) throws IOException {
        return isWritten(disk, SampleImages.SMALL);
    }

    private boolean isWritten(FailingDisk disk, Map<String, byte[]> sections) throws IOException {
        try {
            SampleImages.write(SampleImages.storeOn(directory, disk), sections);
            return true;
        } catch (ImageException failure) {
            assertThat(failure.problem()).isEqualTo(ImageProblem.NO_SPACE);
            assertThat(failure.getMessage()).contains("the disk is full").contains("ingot images prune");
            return false;
        }
    }

    private static List<String> entriesOf(Path home) throws IOException {
        try (Stream<Path> entries = Files.list(home)) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        }
    }
}
