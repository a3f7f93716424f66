package dev.ingot.core.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.core.seal.KeyName;
import dev.ingot.core.seal.KeyProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** Of an image that goes on another; with and without that one in the target. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void saysWhereverCopyingFailsAndGoesOnThere(boolean firstIsThere) throws IOException {
        ImageStore source = ImageStore.at(directory.resolve("source"));
        ImageHandle first = SampleImages.write(source, SampleImages.SMALL);
        Path image;
        try (ImageWriter writer = source.begin(SampleImages.description())) {
            writer.goOn(first);
            writer.section("heap").close();
            image = writer.commit(SampleImages.contents()).directory();
        }
        Path target = directory.resolve("target");
        if (firstIsThere) {
            copy(first.directory(), ImageStore.at(target));
        }
        int operations = 0;
        FailingDisk disk = new FailingDisk(operations);
        while (!isCopied(image, target, disk)) {
            assertThat(disk.failures()).isPositive();
            assertThat(ImageStore.at(target).list())
                    .as("after %d operations", operations)
                    .hasSize(firstIsThere ? 1 : 0);
            disk = new FailingDisk(++operations);
        }
        assertThat(operations).isGreaterThan(8);
        ImageHandle copied =
                ImageStore.at(target).newestComplete(SampleImages.NAME).orElseThrow();
        assertThat(ImageStore.verify(copied).broken()).isEmpty();
    }

    private static boolean isCopied(Path image, Path target, FailingDisk disk) throws IOException {
        try {
            copy(image, SampleImages.storeOn(target, disk));
            return true;
        } catch (ImageException failure) {
            assertThat(failure.problem()).isEqualTo(ImageProblem.NO_SPACE);
            assertThat(failure.getMessage()).contains("cannot copy image").contains("the disk is full");
            return false;
        }
    }

    private static void copy(Path image, ImageStore target) throws IOException {
        try (CarriedImage carried = ImageStore.carried(image)) {
            ImageCopy copy = target.receive(carried);
            assertThat(copy.changed()).isTrue();
        }
    }

    /** Of every operation that writes: wherever it fails, what was complete is whole, and it can be done again. */
    @ParameterizedTest
    @ValueSource(strings = {"Input/output error", "Read-only file system", "No space left on device"})
    void leavesWhatIsThereWhereverAnythingFails(String message) throws IOException {
        KeyProvider fresh = key("fresh");
        ImageKeys keys = ImageKeys.either(key("key"));
        List<Work> works = List.of(
                store -> SampleImages.write(store, SampleImages.SMALL),
                store -> store.rewrap(newest(store), fresh),
                store -> store.erase(newest(store)),
                store -> {
                    store.delete(newest(store));
                    return true;
                },
                store -> {
                    try (CarriedImage carried = ImageStore.carried(newest(store))) {
                        ImageArchive.export(carried, directory.resolve("image.zip"), store.disk());
                    }
                    return true;
                });
        for (int work = 0; work < works.size(); work++) {
            Path home = directory.resolve("store-" + work);
            Path kept = SampleImages.write(ImageStore.at(home, keys), SampleImages.SMALL)
                    .directory();
            SampleImages.write(ImageStore.at(home, keys), SampleImages.SMALL);
            int operations = 0;
            while (!isDone(works.get(work), home, new FailingDisk(operations, message), keys, message)) {
                assertThat(ImageStore.verify(ImageStore.open(kept, keys)).isIntact())
                        .as("work %d after %d operations", work, operations)
                        .isTrue();
                assertThat(directory.resolve("image.zip")).doesNotExist();
                operations++;
            }
            assertThat(operations).as("work %d", work).isPositive();
        }
        assertThat(directory.resolve("image.zip")).exists();
    }

    private interface Work {
        Object on(ImageStore store) throws IOException;
    }

    private static Path newest(ImageStore store) throws ImageException {
        List<Path> images = store.directories(SampleImages.NAME);
        return images.get(images.size() - 1);
    }

    private static boolean isDone(Work work, Path home, FailingDisk disk, ImageKeys keys, String message)
            throws IOException {
        try {
            Object done = work.on(new ImageStore(home, disk, Clock.systemUTC(), Thread::new, keys));
            return done != null && disk.failures() == 0;
        } catch (ImageException failure) {
            assertThat(disk.failures()).isPositive();
            assertThat(failure.getMessage()).containsAnyOf(message, "the disk is full");
            return false;
        }
    }

    private KeyProvider key(String name) throws IOException {
        byte[] bytes = new byte[32];
        new Random(name.hashCode()).nextBytes(bytes);
        return KeyName.parse("file:" + Files.write(directory.resolve(name), bytes))
                .provider();
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
